// Command ccx puts an IAM instance profile into an Anyscale compute config and proves, before anything is launched,
// that its role can do the nodes' work. See README.md.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
