package document

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestShow(t *testing.T) {
	src, _ := os.ReadFile("/tmp/show/in.txt")
	for _, c := range strings.Split(string(src), "=====\n") {
		d, fs := Parse("x", []byte(c))
		fmt.Printf("--- in\n%s", c)
		for _, f := range fs {
			fmt.Printf("   ! %d:%d+%d %s [%s] %v (%s)\n", f.Place.Line, f.Place.Column, f.Place.Length, f.Message, f.Code, f.Details, f.Hint)
		}
		if d == nil || len(fs) > 0 {
			continue
		}
		value := Map{{Key: "Arn", Value: testARN}}
		root := d.Roots[0]
		edits, err := root.Set([]string{"aws", "IamInstanceProfile"}, value)
		if err != nil {
			fmt.Println("   !", err)
			continue
		}
		dr := root.Draft()
		dr.Set(root, []string{"aws", "IamInstanceProfile"}, value)
		out, err := d.Apply(edits, dr.Value())
		fmt.Printf("--- out %v\n%s\n", err, out)
	}
}
