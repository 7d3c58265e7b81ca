package fakeaws

import (
	"fmt"
	"net/http"
)

// simulate answers as the policy simulator has since 2026: the decision on the resource stands in a list of its own.
func (f *Fake) simulate(w http.ResponseWriter, r *http.Request) {
	body := ""
	for i := 1; ; i++ {
		action := r.Form.Get(fmt.Sprintf("ActionNames.member.%d", i))
		if action == "" {
			break
		}
		decision := f.Simulator[action]
		if decision == "" {
			decision = "allowed"
		}
		body += "<member><EvalActionName>" + action + "</EvalActionName><EvalResourceName>arn:aws:s3:::${Bucket}</EvalResourceName><EvalDecision>allowed</EvalDecision>" +
			"<ResourceSpecificResults><member><EvalResourceName>" + r.Form.Get("ResourceArns.member.1") + "</EvalResourceName><EvalResourceDecision>" + decision +
			"</EvalResourceDecision><MissingContextValues><member>aws:SourceIp</member></MissingContextValues></member></ResourceSpecificResults></member>"
	}
	result(w, r, "<EvaluationResults>"+body+"</EvaluationResults><IsTruncated>false</IsTruncated>")
}
