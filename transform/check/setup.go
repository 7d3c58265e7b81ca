package check

import (
	"slices"

	"ccx/transform/policy"
)

// asSetUp reports whether the bucket's policy grants what `anyscale cloud setup` writes there, and no more. What that
// leaves out is no fault of the account's.
func (j *judge) asSetUp(write policy.Decision) bool {
	named, _ := j.bucket.Value.Policy.Get()
	for _, r := range write.DecidedBy {
		if write.Verdict != policy.Allowed || r.Layer != policy.LayerResource || r.Statement < 0 || r.Statement >= len(named.Policy.Statements) {
			continue
		}
		actions := slices.Clone(named.Policy.Statements[r.Statement].Actions)
		slices.Sort(actions)
		return slices.Equal(actions, []string{"s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"})
	}
	return false
}
