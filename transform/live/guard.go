package live

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"unicode/utf8"
)

// guarded is the one door to the network. It follows no redirect, so that nothing reaches a host that the
// configuration does not name; it bounds answers; and it hands on a success only when it is whole. The SDK takes an
// empty answer for an empty list, and an empty list of policies would be a Deny that is not there.
type guarded struct{ client *http.Client }

// largestAnswer is far above what IAM and S3 return: a policy has at most 20 KB, a page a few hundred.
const largestAnswer = 16 << 20

// Do sends a request. Its errors are connection errors for the SDK, which retries them.
func (g guarded) Do(request *http.Request) (*http.Response, error) {
	response, err := g.client.Do(request)
	if err != nil {
		return nil, err
	}
	if request.Method == http.MethodHead {
		return response, nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer+1))
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return response, nil
	}
	if err := whole(request, body); err != nil {
		return nil, err
	}
	return response, nil
}

// whole says what is wrong with the body of a success: KMS and ECR (POST with a target) answer in JSON, STS and IAM
// (POST) in XML, S3 in XML or with a policy.
func whole(request *http.Request, body []byte) error {
	switch {
	case len(body) > largestAnswer:
		return unexpected(fmt.Sprintf("the answer is larger than %d MB", largestAnswer>>20))
	case len(body) == 0 && (request.Method == http.MethodPut || request.Method == http.MethodDelete):
		return nil // S3 has nothing to say about what is written or deleted
	case len(bytes.TrimSpace(body)) == 0:
		return unexpected("the answer is empty")
	case request.Header.Get("X-Amz-Target") != "":
		if !json.Valid(body) || !utf8.Valid(body) {
			return unexpected("the answer is cut or broken")
		}
		return nil
	case request.Method == http.MethodPost || bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")):
		return wellFormed(body)
	}
	return nil
}

func wellFormed(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	for elements := 0; ; {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && elements > 0:
			return nil
		case err != nil:
			return unexpected("the answer is cut or broken")
		}
		if _, ok := token.(xml.StartElement); ok {
			elements++
		}
	}
}

// proxyError is a proxy's refusal to let a connection through: the status, in words.
type proxyError string

func (p proxyError) Error() string { return string(p) }

// heard keeps what a proxy answers apart from what the servers behind it do.
func heard(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return proxyError(fmt.Sprintf("HTTP %d %s", answer.StatusCode, http.StatusText(answer.StatusCode)))
}
