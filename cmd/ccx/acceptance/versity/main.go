// Command versity answers each JSON line on stdin (a record of `ccx simulate --lines`) by versitygw's verdict on its
// identity policies, for make crosscheck. It is a module of its own, so that nothing else depends on versitygw.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/versity/versitygw/iamapi/policy"
	"github.com/versity/versitygw/iamapi/types"
)

// record is what the identity side of a question needs.
type record struct {
	Request struct {
		Action, Resource string
		Context          map[string]any
	}
	Identity []json.RawMessage
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		verdict, err := answer(lines.Bytes())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("{\"verdict\":%q}\n", verdict)
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(line []byte) (string, error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return "", err
	}
	request := policy.RequestContext{Action: r.Request.Action, Resource: r.Request.Resource, Condition: map[string][]string{}}
	for key, value := range r.Request.Context {
		switch v := value.(type) {
		case string:
			request.Condition[key] = []string{v}
		case []any:
			for _, one := range v {
				request.Condition[key] = append(request.Condition[key], fmt.Sprint(one))
			}
		}
	}
	var documents []types.PolicyEntry
	for _, d := range r.Identity {
		documents = append(documents, types.PolicyEntry{PolicyDocument: string(d)})
	}
	switch policy.EvaluateIdentityPolicies(documents, request) {
	case policy.DecisionAllow:
		return "allowed", nil
	case policy.DecisionDeny:
		return "explicit_deny", nil
	}
	return "implicit_deny", nil
}
