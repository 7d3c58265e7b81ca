//go:build acceptance

package acceptance

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// console stands in for Anyscale's API: it answers what the published client asks while it makes a compute config,
// and keeps every request. It judges nothing: what it shows is what the client, not Anyscale's server, accepts.
type console struct {
	url      string
	mu       sync.Mutex
	requests []request
	strays   []string // requests that it has no answer for
}

// request is one call of the client.
type request struct {
	route string // method and path, without the query
	body  map[string]any
}

// The routes that make a compute config: with the new schema, and with the legacy one.
const (
	createNew    = "POST /api/v2/compute_templates/"
	createLegacy = "POST /ext/v0/cluster_computes/"
)

// newConsole starts a console for one test. The test fails if the client asks for something that it can't answer,
// since the client's behaviour would then rest on an error of ours.
func newConsole(t *testing.T) *console {
	c := newLenientConsole(t)
	t.Cleanup(func() {
		for _, stray := range c.strays {
			t.Errorf("the stand-in for Anyscale's API has no answer for %s", stray)
		}
	})
	return c
}

// newLenientConsole starts a console that may be asked for what it doesn't know, and says "not found" then.
func newLenientConsole(t *testing.T) *console {
	c := &console{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// environ is what points the client at the console and keeps it from calling anybody else.
func (c *console) environ() []string {
	return []string{
		"ANYSCALE_HOST=" + c.url,
		"ANYSCALE_CLI_TOKEN=sss_x",
		"ANYSCALE_SUPPRESS_UPGRADE_WARNING=1",
		"ANYSCALE_TELEMETRY_SAMPLE_RATE=0",
	}
}

// created returns the bodies of the requests that made a compute config, by either schema.
func (c *console) created() []map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	var bodies []map[string]any
	for _, r := range c.requests {
		if r.route == createNew || r.route == createLegacy {
			bodies = append(bodies, r.body)
		}
	}
	return bodies
}

// posted lists the requests that change something; looking a cloud up by name is a POST as well, but changes nothing.
func (c *console) posted() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var routes []string
	for _, r := range c.requests {
		if !strings.HasPrefix(r.route, "GET ") && !strings.Contains(r.route, "/find_") {
			routes = append(routes, r.route)
		}
	}
	return routes
}

// seen lists all requests.
func (c *console) seen() []request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}

// ServeHTTP answers one request.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	req := request{route: r.Method + " " + r.URL.Path}
	_ = json.Unmarshal(text, &req.body)
	answer := answerTo(req)
	c.mu.Lock()
	c.requests = append(c.requests, req)
	if answer == nil {
		c.strays = append(c.strays, req.route+" "+string(text))
	}
	c.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if answer == nil {
		w.WriteHeader(http.StatusNotFound)
		answer = map[string]any{"error": map[string]any{"detail": "the stand-in has no answer"}}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// route is a pattern of requests and the result they get.
type route struct {
	pattern *regexp.Regexp
	result  func(request) any
}

// routes are the requests of the client's commands that make a compute config.
var routes = []route{
	{regexp.MustCompile(`^GET /api/v2/userinfo/$`), func(request) any { return userInfo() }},
	{regexp.MustCompile(`^POST /api/v2/clouds/find_by_name$`), func(r request) any { return cloud(r.body["name"]) }},
	{regexp.MustCompile(`^GET /ext/v0/clouds/default$`), func(request) any { return cloud("default-cloud") }},
	{regexp.MustCompile(`^POST /api/v2/clouds/[^/]+/find_cloud_resource_by_name$`), cloudResource},
	{regexp.MustCompile(`^GET /ext/v0/cluster_computes/default$`), defaultConfig},
	{regexp.MustCompile(`^` + createNew + `$`), createdConfig},
	{regexp.MustCompile(`^` + createLegacy + `$`), createdConfig},
}

// answerTo returns the API's envelope around the route's result, or nil where there is no route.
func answerTo(r request) map[string]any {
	i := slices.IndexFunc(routes, func(known route) bool { return known.pattern.MatchString(r.route) })
	if i < 0 {
		return nil
	}
	return map[string]any{"result": routes[i].result(r)}
}

func userInfo() map[string]any {
	return map[string]any{
		"id": "usr_1", "email": "ann@example.com", "name": "Ann", "lastname": "Example", "username": "ann",
		"verified": true, "organization_permission_level": "owner", "organization_ids": []string{"org_1"},
		"organizations": []any{}, "ld_hash": "x", "ld_hash_fields": []string{}, "pylon_hash": "x",
	}
}

const dawn = "2026-01-01T00:00:00Z" // any time will do

func cloud(name any) map[string]any {
	return map[string]any{
		"id": "cld_abc123", "name": name, "provider": "AWS", "region": "us-west-2", "credentials": "", "type": "PUBLIC",
		"creator_id": "usr_1", "created_at": dawn, "is_default": true, "customer_aggregated_logs_config_id": "x",
	}
}

func cloudResource(request) any {
	return map[string]any{"cloud_resource_id": "cldrsrc_1", "name": "vm-aws-us-west-2", "provider": "AWS", "compute_stack": "VM"}
}

// template is a compute config as the API returns it; config is the part that differs.
func template(name any, config any) map[string]any {
	return map[string]any{
		"id": "cpt_1", "name": name, "creator_id": "usr_1", "organization_id": "org_1", "created_at": dawn,
		"last_modified_at": dawn, "config": config, "version": 1, "anonymous": false,
	}
}

func defaultConfig(request) any {
	head := map[string]any{"name": "head-node", "instance_type": "m5.2xlarge"}
	return template("default", map[string]any{"cloud_id": "cld_abc123", "head_node_type": head})
}

func createdConfig(r request) any { return template(r.body["name"], r.body["config"]) }
