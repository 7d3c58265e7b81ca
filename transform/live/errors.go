package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"ccx/transform/account"
)

// unexpected is an answer that no AWS service would give.
type unexpected string

func (u unexpected) Error() string { return string(u) }

// words say what AWS's error codes mean here, for the codes that say more about the run than about the fact. All of
// them are account.Unreachable. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var words = map[string]string{
	"ExpiredToken":                       "the credentials have expired: sign in again",
	"ExpiredTokenException":              "the credentials have expired: sign in again",
	"RequestExpired":                     "the credentials have expired, or this machine's clock is wrong",
	"TokenRefreshRequired":               "the credentials have expired: sign in again",
	"InvalidClientTokenId":               "AWS does not know these credentials",
	"InvalidAccessKeyId":                 "AWS does not know these credentials",
	"UnrecognizedClientException":        "AWS does not know these credentials",
	"InvalidToken":                       "AWS does not accept the session token of these credentials",
	"AuthFailure":                        "AWS does not accept these credentials",
	"MissingAuthenticationToken":         "AWS got no credentials",
	"SignatureDoesNotMatch":              "AWS does not accept the signature: check the secret key and this machine's clock",
	"InvalidSignatureException":          "AWS does not accept the signature: check the secret key and this machine's clock",
	"IncompleteSignature":                "AWS does not accept the signature: check the credentials",
	"RequestTimeTooSkewed":               "this machine's clock is wrong",
	"Throttling":                         "AWS asks to slow down, after every retry",
	"ThrottlingException":                "AWS asks to slow down, after every retry",
	"TooManyRequestsException":           "AWS asks to slow down, after every retry",
	"RequestLimitExceeded":               "AWS asks to slow down, after every retry",
	"SlowDown":                           "AWS asks to slow down, after every retry",
	"ServiceUnavailable":                 "AWS has a fault of its own, after every retry",
	"ServiceFailure":                     "AWS has a fault of its own, after every retry",
	"InternalError":                      "AWS has a fault of its own, after every retry",
	"InternalFailure":                    "AWS has a fault of its own, after every retry",
	"OptInRequired":                      "the account may not use this service or region",
	"RegionDisabledException":            "STS is switched off in this region: choose another with --region",
	"PermanentRedirect":                  "S3 sends the request to another region, and does not say to which",
	"MovedPermanently":                   "S3 sends the request to another region, and does not say to which",
	"TemporaryRedirect":                  "S3 sends the request to another region, and does not say to which",
	"AuthorizationHeaderMalformed":       "S3 wants the request in another region",
	"IllegalLocationConstraintException": "S3 wants the request in another region",
}

// denials are the codes with which AWS says that the caller may not. HeadBucket has no body: Forbidden is its 403.
// MethodNotAllowed is S3's answer to a caller of another account (GetBucketPolicy).
var denials = []string{
	"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess", "AllAccessDisabled",
	"Forbidden", "MethodNotAllowed",
}

// meaning says what an error means for the fact: that it is not there, or why it is not read.
func meaning(op operation, err error) (none bool, why account.Unread) {
	if why, ok := ofContext(err); ok {
		return false, why
	}
	var broken unexpected
	if errors.As(err, &broken) {
		return false, account.Unread{Class: account.Unreachable, Code: "UnexpectedAnswer", Message: string(broken)}
	}
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() != "" {
		return ofCode(op, api, status(err))
	}
	if why, ok := ofNetwork(err); ok {
		return false, why
	}
	return false, account.Unread{Class: account.Unreachable, Code: "UnexpectedAnswer", Message: "the answer can't be understood" + httpStatus(err)}
}

func ofCode(op operation, api smithy.APIError, status int) (bool, account.Unread) {
	code := api.ErrorCode()
	why := account.Unread{Class: account.Unreachable, Code: clean(code)}
	switch {
	case slices.Contains(op.none, code):
		return true, account.Unread{}
	case slices.Contains(denials, code) && (status == 0 || status == http.StatusForbidden || status == http.StatusMethodNotAllowed || status == http.StatusBadRequest):
		why.Class, why.Message = account.Denied, clean(api.ErrorMessage())
	case words[code] != "":
		why.Message = words[code]
	default:
		why.Message = strings.TrimSuffix("AWS answered "+why.Code+": "+clean(api.ErrorMessage()), ": ")
	}
	return false, why
}

// ended is the reason of everything that was not answered when the context ended.
func ended(err error) account.Unread {
	if errors.Is(err, context.Canceled) {
		return account.Unread{Class: account.Unreachable, Code: "Interrupted", Message: "interrupted before the answer came"}
	}
	return account.Unread{Class: account.Unreachable, Code: "Timeout", Message: "no answer in time"}
}

func ofContext(err error) (account.Unread, bool) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return ended(err), true
	}
	return account.Unread{}, false
}

// ofNetwork explains what went wrong on the way. Go's own texts hold addresses and URLs, so that none is passed on.
func ofNetwork(err error) (account.Unread, bool) {
	say := func(code, message string) (account.Unread, bool) {
		return account.Unread{Class: account.Unreachable, Code: code, Message: message}, true
	}
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &dns):
		return say("UnknownHost", "the host "+clean(dns.Name)+" is not found: check the network, the region and the endpoint")
	case errors.As(err, &authority), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify):
		return say("TLS", "the server's certificate is not trusted: set AWS_CA_BUNDLE if a proxy re-signs it")
	case errors.As(err, &record), strings.Contains(err.Error(), "gave HTTP response to HTTPS client"):
		return say("TLS", "the server does not speak TLS: check the endpoint")
	case errors.Is(err, syscall.ECONNREFUSED):
		return say("ConnectionRefused", "the connection is refused: check the endpoint and the proxy")
	case errors.As(err, &timeout) && timeout.Timeout():
		return say("Timeout", "no answer in time")
	}
	var send *smithyhttp.RequestSendError
	if errors.As(err, &send) {
		return say("ConnectionLost", "the connection broke, on every retry")
	}
	return account.Unread{}, false
}

// ofCredentials says why there are no credentials. What a credential process or a token service prints may hold
// secrets, so that nothing of it is passed on.
func ofCredentials(err error) account.Unread {
	if why, ok := ofContext(err); ok {
		return why
	}
	var sso *ssocreds.InvalidTokenError
	var process *processcreds.ProviderError
	var api smithy.APIError
	why := account.Unread{Class: account.Unreachable, Code: "NoCredentials"}
	switch {
	case errors.As(err, &sso):
		why.Code, why.Message = "SSOExpired", "the SSO session has expired: run `aws sso login`"
		return why
	case errors.As(err, &process):
		why.Message = "the credential_process of the AWS profile fails"
		return why
	case errors.As(err, &api):
		_, why = ofCode(operation{}, api, status(err))
		var call *smithy.OperationError
		if errors.As(err, &call) {
			why.Operation = strings.ToLower(call.Service()) + ":" + call.Operation()
		}
		return why
	}
	if network, ok := ofNetwork(err); ok {
		network.Message = "no credentials: " + network.Message
		return network
	}
	why.Message = "no AWS credentials: set AWS_PROFILE, or sign in"
	return why
}

func status(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}

func httpStatus(err error) string {
	if s := status(err); s != 0 {
		return " (HTTP " + http.StatusText(s) + ")"
	}
	return ""
}

// secrets are what must never be passed on, even if a server echoes it: access key ids, and the values of signed URLs
// and of signature headers.
var secrets = regexp.MustCompile(`\b(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b|(?i)(x-amz-[a-z-]+|awsaccesskeyid|signature|credential|authorization)\s*[=:]\s*\S+|[A-Za-z0-9+=]{64,}`)

const longest = 240 // of a message, in runes

// clean makes a text of AWS's fit for a message: one line, no control characters, no secrets, cut.
func clean(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == unicode.ReplacementChar {
			return ' '
		}
		return c
	}, text)
	text = secrets.ReplaceAllString(strings.Join(strings.Fields(text), " "), "(hidden)")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "..."
	}
	return text
}
