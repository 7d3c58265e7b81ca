//go:build !unix

package document

import "time"

// processorTime is the time of day where the time on the processor is not to be had.
func processorTime() time.Duration { return time.Duration(time.Now().UnixNano()) }
