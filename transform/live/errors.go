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
	row, _ := account.ObstacleOf(code)
	why := account.Unread{Class: account.Unreachable, Code: clean(code)}
	switch {
	case slices.Contains(op.none, code):
		return true, account.Unread{}
	case row.Class == account.Denied && (status == 0 || status == http.StatusForbidden || status == http.StatusMethodNotAllowed || status == http.StatusBadRequest):
		why.Class, why.Message = account.Denied, clean(api.ErrorMessage())
	case row.Class == account.Unreachable && row.Means != "":
		why.Message = row.Means
	default:
		why.Message = strings.TrimSuffix("AWS answered "+why.Code+": "+clean(api.ErrorMessage()), ": ")
	}
	return false, why
}

// ended is the reason of everything that was not answered when the context ended.
func ended(err error) account.Unread {
	if errors.Is(err, context.Canceled) {
		return unreachable("Interrupted", "")
	}
	return unreachable("Timeout", "")
}

// unreachable is a reason with a code of ours. Without a message it says what the table of obstacles says.
func unreachable(code, message string) account.Unread {
	row, _ := account.ObstacleOf(code)
	return account.Unread{Class: account.Unreachable, Code: code, Message: or(message, row.Means)}
}

func ofContext(err error) (account.Unread, bool) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return ended(err), true
	}
	return account.Unread{}, false
}

// ofNetwork explains what went wrong on the way. Go's own texts hold addresses and URLs, so that none is passed on.
func ofNetwork(err error) (account.Unread, bool) {
	say := func(code, message string) (account.Unread, bool) { return unreachable(code, message), true }
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var timeout interface{ Timeout() bool }
	var refusal proxyError
	var way *net.OpError
	switch {
	case errors.As(err, &refusal):
		return say("Proxy", "the proxy refuses: "+refusal.Error())
	case errors.As(err, &way) && way.Op == "proxyconnect":
		return say("Proxy", "the proxy can't be reached")
	case errors.As(err, &dns):
		return say("UnknownHost", "the host "+clean(dns.Name)+" is not found")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return say("TLS", "the server's certificate is not valid at the time that this machine's clock shows")
	case errors.As(err, &authority), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify):
		return say("TLS", "the server's certificate is not trusted")
	case errors.As(err, &record), strings.Contains(err.Error(), "gave HTTP response to HTTPS client"):
		return say("TLS", "the server does not speak TLS")
	case errors.Is(err, syscall.ECONNREFUSED):
		return say("ConnectionRefused", "")
	case errors.As(err, &timeout) && timeout.Timeout():
		return say("Timeout", "")
	}
	var send *smithyhttp.RequestSendError
	if errors.As(err, &send) {
		return say("ConnectionLost", "")
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
	case errors.As(err, &sso), strings.Contains(err.Error(), "SSO token"): // of an sso-session, the error has no type
		return unreachable("SSOExpired", "")
	case errors.As(err, &process):
		why.Message = "the credential_process of the AWS profile fails"
		return why
	case errors.As(err, &api):
		_, why = ofCode(operation{}, api, status(err))
		if row, known := account.ObstacleOf(api.ErrorCode()); !known || row.Means == "" {
			why.Message = "AWS answered " + why.Code // its own words may repeat the token that it was given
		}
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
