package policy

// PrincipalKind is the kind of caller.
type PrincipalKind uint8

// The kinds of caller.
const (
	Anonymous PrincipalKind = iota // an unsigned request
	Role                           // a role's session
	User                           // an IAM user
	Root                           // an account's root user
	Service                        // an AWS service principal, ARN "ec2.amazonaws.com"
	Federated                      // an STS federated user
)

// Principal is the caller.
type Principal struct {
	Kind PrincipalKind
	// ARN of the role (arn:aws:iam::A:role/path/name), user, root or federated user; the service's name for a service.
	// A role's may be empty when only its session's ARN is known, which lacks the path: the name is unique by itself.
	ARN string
	// SessionARN of a role's session (arn:aws:sts::A:assumed-role/name/session, without the role's path). Its session
	// name may hold '*' where it is not known ("i-*"); empty: any session name.
	SessionARN string
	Account    string // 12 digits; "" for an anonymous or service caller
	ID         string // unique id: AROA... of a role, AIDA... of a user; "" when not known
}

// Request is one thing to decide.
type Request struct {
	Principal Principal
	Action    string // "s3:GetObject"
	// Resource is the full ARN, byte for byte: a '*' in it is a star in the name. "*" for actions without a resource.
	Resource string
	// ResourceAccount is the account that owns the resource. "" = not known: both cases are then weighed.
	ResourceAccount string
	Context         Context
}

// NewRole returns the principal of a role's sessions whose session name is not known, from the role's ARN and unique
// id ("" when not known).
func NewRole(arn, id string) Principal {
	return Principal{Kind: Role, ARN: arn, Account: arnPart(arn, 4), ID: id}
}

// NewService returns an AWS service principal, such as "ec2.amazonaws.com".
func NewService(name string) Principal {
	return Principal{Kind: Service, ARN: name}
}
