package anyscale

import (
	"fmt"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// carrierRules applies what the client checks of a job, service or schedule beyond types.
func (r *reader) carrierRules() {
	pointer := ""
	if r.file.Shape == ShapeSchedule {
		pointer = "/job_config"
	}
	r.textKeys(pointer, "env_vars", "tags")
	switch r.file.Shape {
	case ShapeLegacyJob, ShapeLegacyService:
		r.legacyCarrierRules()
	case ShapeService:
		r.importPaths()
		ratio := r.root.Find("tracing_config", "sampling_ratio")
		if _, whole := ratio.Value().(int64); whole {
			text, _ := ratio.Scalar()
			r.say(finding.ConfigSchema, ratio.Place(), "tracing_config.sampling_ratio needs a decimal point for the client", "write "+text+".0")
		}
	case ShapeJob, ShapeSchedule:
		r.queueMode(r.at(pointer))
	case ShapeScheduler:
		r.schedulerRules()
	}
}

// legacyCarrierRules: keys of which the legacy job and service models take only one (models/job_model.py).
func (r *reader) legacyCarrierRules() {
	for _, pair := range [][2]string{
		{"project_id", "project"}, {"cluster_env", "build_id"}, {"docker", "cluster_env"}, {"docker", "build_id"},
		{"compute_config_id", "compute_config"}, {"compute_config_id", "cloud"},
	} {
		if first, second := r.root.Get(pair[0]), r.root.Get(pair[1]); given(first) && given(second) {
			r.say(finding.ConfigSchema, first.KeyPlace(), pair[0]+" and "+pair[1]+" can't both be given", "keep one of them")
		}
	}
	docker := r.root.Get("docker")
	told := given(r.root.Get("python_version")) || given(r.root.Get("ray_version"))
	if text, ok := docker.Scalar(); ok && !docker.IsNull() && !told && !imageVersions().MatchString(text) {
		r.say(finding.ConfigSchema, docker.Place(), "the client can't tell the Ray and Python versions of this image from its tag",
			"add python_version and ray_version")
	}
}

// imageVersions matches an image whose tag tells its versions: anyscale/ray-ml:1.11.1-py38-gpu.
var imageVersions = pattern(`(^|:)[0-9]+\.[0-9]+[^:-]*-py3[0-9]+[^:]*$`)

// importPaths: an application's import path ends in neither a dot nor a colon.
func (r *reader) importPaths() {
	for _, app := range r.root.Get("applications").Items() {
		path := app.Get("import_path")
		if text, ok := path.Text(); ok && text != "" && (text[0] == '.' && lastDot(text) == 0 || text[len(text)-1] == '.') {
			r.say(finding.ConfigSchema, path.Place(), "import_path must look like module.submodule:app", "")
		}
	}
}

func lastDot(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// queueModes are taken in any case.
var queueModes = pattern(`(?i)^(FIFO|LIFO|PRIORITY)$`)

func (r *reader) queueMode(job *document.Node) {
	r.queueCluster(job)
	mode := job.Find("job_queue_config", "job_queue_spec", "execution_mode")
	if text, ok := mode.Text(); ok && !queueModes().MatchString(text) {
		r.say(finding.ConfigSchema, mode.Place(), "execution_mode must be FIFO, LIFO or PRIORITY", "")
	}
}

// queueCluster warns of a job queue with a cluster of its own: the job runs there, whatever its own config says.
func (r *reader) queueCluster(job *document.Node) {
	queue := job.Get("job_queue_config")
	if named := queue.Find("job_queue_spec", "compute_config"); given(named) {
		r.sayAt(finding.Warning, finding.ConfigNamed, named.Place(), "the job queue's cluster is made from a registered compute config: the profile belongs in that one too",
			"filter that config as well: anyscale compute-config get -n "+quoted(fmt.Sprint(named.Value())))
	}
	if target := queue.Get("target_job_queue_name"); given(target) {
		r.sayAt(finding.Warning, finding.ConfigNamed, target.Place(), "the job runs on the cluster of an existing job queue: that cluster's compute config counts, not this one",
			"see that the queue's compute config has the profile")
	}
}
