//go:build unix

package document

import (
	"syscall"
	"time"
)

// processorTime is how long this process has been on a processor, whatever else the machine does.
func processorTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
