package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ccx/transform/finding"
)

// maxBucketPolicy is S3's limit, in bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
const maxBucketPolicy = 20 << 10

// putHere is where a policy document is put.
type putHere struct {
	code    finding.Code // of what is wrong with the document
	what    string       // "the bucket's policy"
	service string
	limit   int // the service's limit, in bytes
}

// extend puts statements after those of a document, whose own text stays as it is but for its layout.
func extend(text string, add []statement, here putHere) (string, []finding.Finding) {
	refuse := func(why string) (string, []finding.Finding) {
		return "", []finding.Finding{finding.New(here.code, finding.Place{}, here.what+" can't be extended: "+why).
			WithHint("--statement-only prints the new statement alone")}
	}
	var whole struct {
		Version   string `json:",omitempty"`
		ID        string `json:"Id,omitempty"`
		Statement json.RawMessage
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&whole); err != nil {
		return refuse("it is not a policy as AWS prints it")
	}
	var statements []json.RawMessage
	if json.Unmarshal(whole.Statement, &statements) != nil {
		statements = []json.RawMessage{whole.Statement} // a single statement may stand without a list
	}
	var sids []string
	for _, raw := range statements {
		var s struct{ Sid string }
		if json.Unmarshal(raw, &s) == nil {
			sids = append(sids, s.Sid)
		}
	}
	for _, one := range add {
		for n, sid := 2, one.Sid; slices.Contains(sids, one.Sid); n++ {
			one.Sid = fmt.Sprintf("%s-%d", sid, n)
		}
		statements = append(statements, json.RawMessage(compact(one)))
	}
	whole.Statement = json.RawMessage("[" + join(statements, ",") + "]")
	return fitting(whole, here, refuse)
}

// fitting writes a document within the service's limit: on one line where it is too large otherwise.
func fitting(whole any, here putHere, refuse func(string) (string, []finding.Finding)) (string, []finding.Finding) {
	if out := pretty(whole); len(out) <= here.limit {
		return out, nil
	}
	out := compact(whole)
	if len(out) > here.limit {
		return refuse(fmt.Sprintf("with the new statement it has %d bytes, and %s takes %d", len(out), here.service, here.limit))
	}
	return out, nil
}

func join(raw []json.RawMessage, by string) string {
	parts := make([]string, len(raw))
	for i, r := range raw {
		parts[i] = string(r)
	}
	return strings.Join(parts, by)
}
