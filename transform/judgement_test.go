package transform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/check"
	"ccx/transform/finding"
)

// What is judged once for many must be what each would be told by itself, at its own places: whatever flags, settings
// and configs say.
func TestJudgedOnceAsEachByItself(t *testing.T) {
	settings := "version: 1\nclouds: {prod-usw2: {allowed_profiles: [ml-train], context: {'aws:SourceVpce': vpce-1}}}\nwaive: [{code: s3/delete, reason: x, until: 2099-01-01}]\n"
	var inputs []Input
	for i, input := range mixed(45) {
		text := strings.Repeat("# another place\n", i%7) + string(input.Text)
		inputs = append(inputs, Input{fmt.Sprint(i), []byte(text)})
	}
	points := 0
	for name, aim := range map[string]Aim{
		"what is there": {Existing: "keep"}, "a profile of flags": {Profile: "vision-nodes"}, "a role": {Role: "ml-train"}, "no such profile": {Profile: "none-such"},
		"by its ARN": {Profile: "arn:aws:iam::111122223333:instance-profile/Vision-Nodes"}, "another account": {Profile: "arn:aws:iam::444455556666:instance-profile/x"},
		"an image": {Profile: "ml-train", Images: []string{"111122223333.dkr.ecr.us-west-2.amazonaws.com/x:y"}}, "needs": {Profile: "ml-train", Requires: []string{"sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:q"}},
		"nodes": {Profile: "ml-train", Nodes: []string{"head=vision-nodes"}},
	} {
		t.Run(name, func(t *testing.T) {
			aim.Clouds = clouds(t, settings, prod)
			opts := options(t, aim)
			facts := facts(t)
			var known judgements
			for _, j := range opts.prepare(t.Context(), inputs, false) {
				for _, s := range j.subjects {
					got := known.of(s, facts, opts.Now)
					target := check.Resolve(s, facts)
					want := judgement{target, check.Run(s, target, facts, opts.Now)}
					if diff := cmp.Diff(want, got, cmp.AllowUnexported(judgement{})); diff != "" {
						t.Fatalf("%s (-by itself +together):\n%s", j.Name, diff)
					}
					for _, f := range slices.Concat(got.target.Findings, got.answer.Findings) {
						if f.Status == finding.Fail && f.Place.File == j.Name {
							points++
						}
					}
				}
			}
			if len(known.all) > 20 {
				t.Errorf("%d judgements for %d configs", len(known.all), len(inputs))
			}
		})
	}
	if points == 0 {
		t.Error("no finding points to a place of a config")
	}
}
