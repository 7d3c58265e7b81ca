package account

// Obstacle is a kind of error that keeps facts from being read: the codes with which AWS or the way to AWS says it, what
// it means here, and what to do.
type Obstacle struct {
	Codes []string // AWS's error codes, or ours for what AWS gives none: "Timeout", "NoCredentials", ...
	Class Class
	Means string // "" where the message says it itself
	Do    string // a thing to type or to look at
}

// Obstacles returns the table of errors. What is denied, or lies in an account without credentials, is of its own class;
// all that says more about the run than about the fact is Unreachable, and nothing may be assumed from it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
func Obstacles() []Obstacle { return obstacles[:] }

// ObstacleOf returns the row of a code, and whether there is one.
func ObstacleOf(code string) (Obstacle, bool) {
	for _, row := range obstacles {
		for _, c := range row.Codes {
			if c == code {
				return row, true
			}
		}
	}
	return Obstacle{}, false
}

const (
	tryAgain = "try again; --snapshot FILE takes recorded facts, --offline checks the config alone"
	region   = "name the cloud's region: --region us-west-2"
)

var obstacles = [...]Obstacle{
	// HeadBucket has no body: Forbidden is its 403.
	{[]string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess", "AllAccessDisabled", "Forbidden"}, Denied,
		"", ""},
	{[]string{"MethodNotAllowed"}, Denied,
		"S3 tells a bucket's policy to its owner's account only", "name the owner's credentials: --account ID=profile:NAME"},
	{[]string{"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}, Unreachable,
		"the credentials have expired: sign in again", "renew the credentials: aws sso login"},
	{[]string{"RequestExpired"}, Unreachable,
		"the credentials have expired, or this machine's clock is wrong", "renew the credentials: aws sso login; or set the clock"},
	{[]string{"InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException"}, Unreachable,
		"AWS does not know these credentials", "check AWS_PROFILE and AWS_ACCESS_KEY_ID: the key may be deleted, switched off, or of another partition"},
	{[]string{"InvalidToken"}, Unreachable,
		"AWS does not accept the session token of these credentials", "AWS_SESSION_TOKEN must come with the same access key: sign in again"},
	{[]string{"AuthFailure", "IncompleteSignature", "IncompleteSignatureException"}, Unreachable,
		"AWS does not accept these credentials", "check AWS_PROFILE: aws sts get-caller-identity must work"},
	{[]string{"MissingAuthenticationToken", "MissingAuthenticationTokenException"}, Unreachable,
		"AWS got no credentials", "check what stands between: a proxy that takes the Authorization header out?"},
	{[]string{"SignatureDoesNotMatch", "InvalidSignatureException"}, Unreachable,
		"AWS does not accept the signature", "check AWS_SECRET_ACCESS_KEY, and this machine's clock"},
	{[]string{"RequestTimeTooSkewed"}, Unreachable,
		"this machine's clock is wrong", "set the clock: AWS allows a difference of 15 minutes"},
	{[]string{"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled", "SlowDown", "LimitExceededException"}, Unreachable,
		"AWS asks to slow down, after every retry", "try again later; one ccx snapshot serves many runs: --snapshot FILE"},
	{[]string{"ServiceUnavailable", "ServiceUnavailableException", "ServiceException", "ServiceFailure", "InternalError", "InternalFailure", "KMSInternalException", "ServerException"}, Unreachable,
		"AWS has a fault of its own, after every retry", tryAgain},
	{[]string{"OptInRequired"}, Unreachable,
		"the account may not use this service or region", region + ", or have the region switched on"},
	{[]string{"RegionDisabledException"}, Unreachable,
		"STS is switched off in this region", region + ", or have STS switched on there"},
	{[]string{"PermanentRedirect", "MovedPermanently", "TemporaryRedirect"}, Unreachable,
		"S3 sends the request to another region, and does not say to which", region},
	{[]string{"AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}, Unreachable,
		"S3 wants the request in another region", region},
	{[]string{"MalformedPolicyDocument", "MalformedPolicy", "PackedPolicyTooLarge"}, Unreachable,
		"AWS refuses the session policy that keeps an assumed role to reading", "use a profile for that account: --account ID=profile:NAME"},
	{[]string{"InvalidAction", "UnknownOperationException", "NotImplemented", "UnsupportedAPIEndpointException"}, Unreachable,
		"the server does not know this call", "check AWS_ENDPOINT_URL: is it AWS?"},
	{[]string{"NoCredentials"}, Unreachable, "",
		"aws configure, aws sso login, or set AWS_PROFILE; --snapshot FILE and --offline need none"},
	{[]string{"SSOExpired"}, Unreachable, "the SSO session has expired", "aws sso login"},
	{[]string{"BadConfiguration"}, Unreachable, "", "check AWS_PROFILE, AWS_CONFIG_FILE and AWS_CA_BUNDLE"},
	{[]string{"InvalidName"}, Unreachable, "", "correct the name"},
	{[]string{"Timeout"}, Unreachable, "no answer in time", "give it more time: --timeout 2m; or try again"},
	{[]string{"Interrupted"}, Unreachable, "interrupted before the answer came", tryAgain},
	{[]string{"UnknownHost"}, Unreachable, "", "check the network, --region, AWS_ENDPOINT_URL and HTTPS_PROXY"},
	{[]string{"ConnectionRefused"}, Unreachable, "the connection is refused", "check AWS_ENDPOINT_URL and the network"},
	{[]string{"ConnectionLost"}, Unreachable, "the connection broke, on every retry", tryAgain},
	{[]string{"TLS"}, Unreachable, "", "set AWS_CA_BUNDLE if a proxy re-signs; check AWS_ENDPOINT_URL, and this machine's clock"},
	{[]string{"Proxy"}, Unreachable, "", "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"},
	{[]string{"UnexpectedAnswer"}, Unreachable, "", "is there a proxy or a sign-in page between? " + tryAgain},
}
