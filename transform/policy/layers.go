package policy

// Layer is a kind of policy in AWS's evaluation.
type Layer uint8

// The layers, in the order in which AWS's page names them.
const (
	LayerRCP          Layer = iota // resource control policies of the resource's account
	LayerSCP                       // service control policies of the principal's account
	LayerEndpoint                  // VPC endpoint policy on the network path
	LayerResource                  // bucket, key, repository or trust policy
	LayerIdentity                  // policies of the role or user
	LayerBoundary                  // permissions boundary
	LayerSession                   // session policy
	LayerPublicAccess              // S3 Block Public Access
	LayerService                   // a rule of the service itself, which no policy can change
	numLayers
)

var layerNames = [numLayers]string{
	"resource control policy", "service control policy", "VPC endpoint policy", "resource policy",
	"identity policy", "permissions boundary", "session policy", "block public access",
	"rule of the service",
}

// String returns the layer's name as a person knows it.
func (l Layer) String() string { return layerNames[l] }

// Assume is a set of layers that may be assumed to deny nothing where they could not be read. Only SCP, RCP, VPC
// endpoint and session policies can be assumed; the others are ignored.
type Assume uint16

// AssumeLayers returns the set that holds the given layers.
func AssumeLayers(ls ...Layer) Assume {
	var a Assume
	for _, l := range ls {
		if l == LayerRCP || l == LayerSCP || l == LayerEndpoint || l == LayerSession {
			a |= 1 << l
		}
	}
	return a
}

// DefaultAssume is the set of all layers that can be assumed.
const DefaultAssume Assume = 1<<LayerRCP | 1<<LayerSCP | 1<<LayerEndpoint | 1<<LayerSession

// Has reports whether layer l may be assumed.
func (a Assume) Has(l Layer) bool {
	return a&DefaultAssume&(1<<l) != 0
}

// PublicAccess says whether S3 Block Public Access's RestrictPublicBuckets is in force for the bucket (the most
// restrictive of the bucket's and its account's setting). It matters only across accounts, for a public bucket policy.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
type PublicAccess uint8

// The values of PublicAccess. The zero value is "not known", so that a forgotten field never allows.
const (
	PublicAccessUnknown PublicAccess = iota
	PublicAccessOpen                 // RestrictPublicBuckets is off, or the resource is no bucket
	PublicAccessRestricted
)

// Layers are all the policies that have a say in a request. A nil Set means that nothing of the kind applies: no
// boundary is attached, the bucket has no policy, the request passes no VPC endpoint.
type Layers struct {
	Identity, Boundary, Session, Resource, Endpoint *Set

	// SCPs and RCPs hold a Set per level, from the organization's root to the account. Nil: none apply (no
	// organization, or the management account). One Set that is Missing: not read.
	SCPs, RCPs []*Set

	PublicAccess PublicAccess
	Assume       Assume
}
