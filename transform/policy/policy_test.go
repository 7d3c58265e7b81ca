package policy

import "strconv"

// policies parses documents into a set, named policy 1, policy 2, ...
func policies(docs ...string) *Set {
	s := &Set{}
	for i, d := range docs {
		s.Policies = append(s.Policies, Named{Name: "policy " + strconv.Itoa(i+1), Policy: Parse([]byte(d))})
	}
	return s
}
