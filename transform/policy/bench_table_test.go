//go:build bench

package policy

import (
	"fmt"
	"testing"
	"time"
)

// TestBenchTable prints how fast this package decides and proves, beside others. Theirs were measured once, on two
// cores, each with the same policies and 10,000 keys: they are an order of magnitude, not a race.
func TestBenchTable(t *testing.T) {
	fmt.Printf("%-34s %14s   %s\n", "decisions, policies parsed", "ccx", "yams (Go), cited")
	for _, c := range []struct {
		name  string
		bench func(*testing.B)
		yams  string
	}{
		{"simple: identity and bucket policy", BenchmarkDecideSimple, "160,661/s"},
		{"all layers", BenchmarkDecideAllLayers, "76,279/s"},
	} {
		r := testing.Benchmark(c.bench)
		fmt.Printf("%-34s %12.0f/s   %s\n", c.name, r.Extra["decisions/s"], c.yams)
	}
	fmt.Printf("\n%-34s %14s   %s\n", "proofs for every key", "ccx", "a prototype in Go, Z3: cited")
	for _, c := range proofCases() {
		r := testing.Benchmark(c.run)
		each := time.Duration(r.NsPerOp()).Round(100 * time.Nanosecond)
		fmt.Printf("%-34s %14v   %s\n", c.name, each, c.peers)
		if r.N == 0 {
			t.Errorf("%s: another verdict than %v", c.name, c.want)
		}
	}
}
