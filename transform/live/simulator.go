package live

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"ccx/transform/account"
)

// startSimulation asks AWS's policy simulator what a role's own policies say of the actions of a bucket. It knows the
// role's policies, its boundary and the SCPs; it takes resource policies for users only, and reads none by itself.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
func (r *run) startSimulation(s *session, role, bucket string) future[[]account.Simulated] {
	return start(r, s.name()+"simulate/"+role+"/"+bucket, func() account.Fact[[]account.Simulated] {
		op := operation{name: "iam:SimulatePrincipalPolicy"}
		return call(s, op, func(ctx context.Context, c *clients) ([]account.Simulated, error) {
			onBucket, err := simulate(ctx, c, role, account.SimulatedBucket(role, bucket), []string{"s3:ListBucket"})
			if err != nil {
				return nil, err
			}
			onKey, err := simulate(ctx, c, role, account.SimulatedKey(role, bucket), []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"})
			return append(onBucket, onKey...), err
		})
	})
}

func simulate(ctx context.Context, c *clients, role, resource string, actions []string) ([]account.Simulated, error) {
	return pages(func(marker *string) (page[account.Simulated], error) {
		out, err := c.iam.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: &role, ActionNames: actions, ResourceArns: []string{resource}, Marker: marker})
		if err != nil {
			return page[account.Simulated]{}, err
		}
		var list []account.Simulated
		for _, result := range out.EvaluationResults {
			one, ok := simulated(result, resource)
			if !ok {
				return page[account.Simulated]{}, unexpected("the simulator's answer is about something else")
			}
			list = append(list, one)
		}
		return page[account.Simulated]{list, out.IsTruncated, out.Marker}, nil
	})
}

// simulated takes one answer. Since 2026 the decision on a resource stands in its own list, and the one beside it is about
// a template of the resource's ARN.
func simulated(result types.EvaluationResult, resource string) (account.Simulated, bool) {
	out := account.Simulated{Action: aws.ToString(result.EvalActionName), Resource: resource,
		Decision: string(result.EvalDecision), Missing: result.MissingContextValues}
	for _, specific := range result.ResourceSpecificResults {
		if aws.ToString(specific.EvalResourceName) == resource {
			out.Decision, out.Missing = string(specific.EvalResourceDecision), specific.MissingContextValues
		}
	}
	return out, strings.HasPrefix(out.Action, "s3:") && out.Decision != ""
}

// recordSimulations records a second opinion on every role and bucket that was read, where one is asked for.
func (r *run) recordSimulations(rec *account.Recorder, roles *roleSet, w account.Wants) {
	if !r.options.Simulator {
		return
	}
	for _, role := range roles.list {
		arn := aws.ToString(r.startGetRole(r.session(role.owner), role.name)(r.ctx).Value.Arn)
		if arn == "" {
			continue
		}
		for _, b := range w.Buckets {
			r.startSimulation(r.session(role.owner), arn, b.Name)
		}
		for _, b := range w.Buckets {
			rec.Simulation(arn, b.Name, r.startSimulation(r.session(role.owner), arn, b.Name)(r.ctx))
		}
	}
}
