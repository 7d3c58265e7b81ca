package account

import "strings"

// Simulated is what AWS's policy simulator says of one action by a role. It is a second opinion and no fact: no check
// rests on it, and no snapshot keeps it.
type Simulated struct {
	Action, Resource string
	Decision         string   // allowed, explicitDeny or implicitDeny
	Missing          []string // context keys that a policy asks for and nobody told the simulator
}

// SimulatedBucket returns the ARN by which the simulator is asked about a bucket, in the role's partition.
func SimulatedBucket(role, bucket string) string {
	parts := strings.SplitN(role, ":", 3)
	return "arn:" + parts[min(1, len(parts)-1)] + ":s3:::" + bucket
}

// SimulatedKey returns the ARN of the one key that the simulator is asked about.
func SimulatedKey(role, bucket string) string { return SimulatedBucket(role, bucket) + "/ccx" }

// Simulation records what the simulator says of a role and a bucket, or why it could not be asked.
func (r *Recorder) Simulation(role, bucket string, answer Fact[[]Simulated]) {
	r.do(func() { r.simulations[role+" "+bucket] = answer })
}

// Simulation returns what the simulator says of a role and a bucket; NotAsked without --simulator.
func (f *Facts) Simulation(role, bucket string) Fact[[]Simulated] {
	if f == nil {
		return Fact[[]Simulated]{}
	}
	return f.simulations[role+" "+bucket]
}
