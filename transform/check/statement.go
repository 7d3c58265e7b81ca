package check

import (
	"encoding/json"
	"slices"
)

// statement is a policy statement to paste, in the order in which AWS's documents print its elements.
type statement struct {
	Sid       string
	Effect    string
	Principal map[string][]string `json:",omitempty"`
	Action    []string
	Resource  []string                       `json:",omitempty"`
	Condition map[string]map[string][]string `json:",omitempty"`

	whole bool // it is pasted as the documentation has it, though some of its actions are not needed
}

type document struct {
	Version   string
	Statement []statement
}

func pretty(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic("check: a policy of strings can't be written: " + err.Error()) // never: strings only
	}
	return string(text)
}

// compact is the same on one line.
func compact(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("check: a policy of strings can't be written: " + err.Error()) // never: strings only
	}
	return string(text)
}

// identityStatements are in the shape of the minimum in Anyscale's documentation (Manage AWS IAM roles).
func (j *judge) identityStatements(failed []ruling) []statement {
	objects, bucket := actionsOf(failed)
	out, bucket := j.listStatement(bucket)
	if len(bucket) > 0 {
		out = append(out, statement{Sid: "ListObjectsInBucket", Effect: "Allow", Action: bucket, Resource: []string{j.bucketARN()}})
	}
	if len(objects) > 0 {
		out = append(out, statement{Sid: "AllObjectActions", Effect: "Allow", Action: objects, Resource: []string{j.objectARN(j.Prefix + "*")}})
	}
	return out
}

// bucketStatements are in the shape of the bucket policy in Anyscale's documentation: one statement, or two under a prefix.
func (j *judge) bucketStatements(failed []ruling) []statement {
	objects, bucket := actionsOf(failed)
	out, bucket := j.listStatement(bucket)
	for i := range out {
		out[i].Principal = j.principal()
	}
	var on []string
	if len(objects) > 0 {
		on = append(on, j.objectARN(j.Prefix+"*"))
	}
	if len(bucket) > 0 {
		on = append(on, j.bucketARN())
	}
	if len(on) > 0 {
		out = append(out, statement{Sid: "allow-role-access", Effect: "Allow", Principal: j.principal(), Action: append(objects, bucket...), Resource: on})
	}
	return out
}

// listStatement is for the listing of a part of the bucket, which has to name that part; rest are the other actions.
func (j *judge) listStatement(bucket []string) (out []statement, rest []string) {
	if j.Prefix == "" || !slices.Contains(bucket, listAction) {
		return nil, bucket
	}
	under := map[string]map[string][]string{"StringLike": {"s3:prefix": {j.Prefix + "*"}}}
	rest = slices.DeleteFunc(slices.Clone(bucket), func(a string) bool { return a == listAction })
	return []statement{{Sid: "ListUnderPrefix", Effect: "Allow", Action: []string{listAction}, Resource: []string{j.bucketARN()}, Condition: under}}, rest
}

// actionsOf lists every action of the requirements that are denied.
func actionsOf(failed []ruling) (objects, bucket []string) {
	for _, f := range failed {
		if f.decision.Verdict.Denied() {
			objects, bucket = append(objects, f.objects...), append(bucket, f.bucket...)
		}
	}
	return objects, bucket
}
