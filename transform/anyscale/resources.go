package anyscale

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// Limits of required_resources in the client: what no known instance type exceeds, and what can only be a missing unit.
const (
	mostCPU, mostGPU = 512, 16
	leastMemory      = 1 << 20  // 1 MiB
	mostMemory       = 24 << 40 // 24 TiB
)

// physical is what required_resources asks for; zero is not there, as for the client.
type physical struct {
	cpu, gpu, tpu, hosts int64
	memory               *big.Int // bytes
	accelerator, arch    string
	memoryNode           *document.Node
	ok                   bool // every field could be read; what could not has its finding from the schema
}

// physicalOf reads required_resources with the client's spellings: cpu for CPU, Memory for memory and so on.
func physicalOf(n *document.Node) physical {
	p := physical{memory: new(big.Int), ok: true}
	for _, e := range n.Entries() {
		if e.Value.IsNull() {
			continue
		}
		switch e.Key {
		case "CPU", "cpu":
			p.read(&p.cpu, e.Value)
		case "GPU", "gpu":
			p.read(&p.gpu, e.Value)
		case "TPU", "tpu":
			p.read(&p.tpu, e.Value)
		case "tpu_hosts", "anyscale_tpu_hosts":
			p.read(&p.hosts, e.Value)
		case "memory", "Memory":
			p.memoryNode = e.Value
			size, ok := bytesOf(e.Value)
			if p.memory = size; !ok {
				p.memory, p.ok = new(big.Int), false
			}
		case "accelerator":
			p.accelerator, _ = e.Value.Text()
		case "cpu_architecture":
			p.arch, _ = e.Value.Text()
		}
	}
	return p
}

func (p *physical) read(to *int64, n *document.Node) {
	v, ok := whole(n)
	*to = v
	p.ok = p.ok && ok
}

// name is the name that the client makes for a worker group without name and instance type (models.py,
// _generate_free_pod_shape_name).
func (p physical) name(label string) (string, bool) {
	gib := new(big.Int).Div(p.memory, big.NewInt(1<<30))
	parts := []string{fmt.Sprintf("FP-%dCPU-%sGB", p.cpu, gib)}
	kind := p.accelerator
	if kind == "" {
		kind = label
	}
	switch {
	case p.tpu > 0:
		parts = append(parts, fmt.Sprintf("%dTPU", p.tpu))
		if p.hosts > 0 {
			parts = append(parts, fmt.Sprintf("%dTPUHost", p.hosts))
		}
	case p.gpu > 0:
		parts = append(parts, fmt.Sprintf("%dGPU", p.gpu))
	}
	if kind != "" && len(parts) > 1 {
		parts = append(parts, kind)
	}
	if strings.EqualFold(p.arch, "arm64") {
		parts = append(parts, "ARM64")
	}
	return strings.Join(parts, "-"), p.ok
}

// bytesOf reads a size as the client does: an integer is bytes, a text a Kubernetes quantity.
func bytesOf(n *document.Node) (*big.Int, bool) {
	if text, ok := n.Text(); ok && !n.IsDate() {
		return quantity(text)
	}
	if v, ok := whole(n); ok {
		return big.NewInt(v), true
	}
	text, _ := n.Scalar()
	return new(big.Int).SetString(text, 10)
}

var decimal = pattern(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)

// quantity reads a Kubernetes quantity in whole bytes (kubernetes/utils/quantity.py): 8Gi, 512M, 1e9, 100.
func quantity(text string) (*big.Int, bool) {
	number, suffix := text, ""
	if n := len(text); n >= 2 && text[n-1] == 'i' && strings.IndexByte("numKkMGTPE", text[n-2]) >= 0 {
		number, suffix = text[:n-2], text[n-2:]
	} else if n >= 1 && text[n-1] != 'i' && strings.IndexByte("numKkMGTPE", text[n-1]) >= 0 {
		number, suffix = text[:n-1], text[n-1:]
	}
	number = strings.ReplaceAll(strings.TrimSpace(number), "_", "")
	if !decimal().MatchString(number) || suffix == "ki" {
		return nil, false
	}
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return nil, false
	}
	value.Mul(value, factor(suffix))
	return new(big.Int).Quo(value.Num(), value.Denom()), true
}

// factor returns what a suffix stands for: powers of 1024 with an i, of 1000 without.
func factor(suffix string) *big.Rat {
	if suffix == "" {
		return big.NewRat(1, 1)
	}
	base := int64(1000)
	if len(suffix) == 2 {
		base = 1024
	}
	exponent := map[byte]int64{'n': -3, 'u': -2, 'm': -1, 'K': 1, 'k': 1, 'M': 2, 'G': 3, 'T': 4, 'P': 5, 'E': 6}[suffix[0]]
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(base), big.NewInt(max(exponent, -exponent)), nil))
	if exponent < 0 {
		return power.Inv(power)
	}
	return power
}

// requiredRules applies the client's rules for required_resources, and for resources beside it.
func (r *reader) requiredRules(node, required *document.Node, pointer string) {
	p := physicalOf(required)
	subject := spoken(pointer) + ".required_resources"
	if p.memoryNode != nil {
		if text, isText := p.memoryNode.Text(); isText && !p.memoryNode.IsDate() && !r.unrendered(p.memoryNode) {
			if _, ok := quantity(text); !ok {
				r.say(finding.ConfigSchema, p.memoryNode.Place(), subject+".memory is no size: "+strconv.Quote(shorten(text)), "write a number with a unit, such as 32Gi")
				return
			}
		}
	}
	if !p.ok || r.opts.Template {
		return
	}
	say := func(message, hint string) { r.say(finding.ConfigSchema, required.KeyPlace(), subject+message, hint) }
	switch {
	case p.cpu <= 0:
		say(" must ask for CPU, 1 or more", "add CPU and memory, such as CPU: 8 and memory: 32Gi")
	case p.memory.Sign() <= 0:
		say(" must ask for memory", "add memory, such as memory: 32Gi")
	case p.memory.Cmp(big.NewInt(leastMemory)) < 0:
		r.say(finding.ConfigSchema, p.memoryNode.Place(), fmt.Sprintf("%s.memory is %s bytes, which no node has", subject, p.memory), "add the unit, such as 32Gi")
	case p.cpu > mostCPU:
		say(fmt.Sprintf(".CPU is %d; no instance type has more than %d", p.cpu, mostCPU), "")
	case p.memory.Cmp(big.NewInt(mostMemory)) > 0:
		say(".memory is more than 24Ti, which no instance type has", "")
	case p.gpu > mostGPU:
		say(fmt.Sprintf(".GPU is %d; no instance type has more than %d", p.gpu, mostGPU), "")
	}
	r.logicalRules(node.Get("resources"), p, pointer)
}

// logicalRules: a node can't offer Ray more than it has.
func (r *reader) logicalRules(resources *document.Node, p physical, pointer string) {
	memory, _ := new(big.Rat).SetInt(p.memory).Float64()
	for _, row := range []struct {
		keys [2]string
		has  float64
	}{{[2]string{"CPU", "cpu"}, float64(p.cpu)}, {[2]string{"memory", "Memory"}, memory}, {[2]string{"GPU", "gpu"}, float64(p.gpu)}} {
		for _, key := range row.keys {
			n := resources.Get(key)
			asked, ok := number(n)
			if !ok || asked == 0 {
				continue
			}
			if row.has > 0 && asked > row.has {
				r.say(finding.ConfigSchema, n.Place(), fmt.Sprintf("%s.resources.%s is more than required_resources has", spoken(pointer), key), "a node can't report more than it has: lower it, or remove it")
			}
			break
		}
	}
}

// number reads a number as Python does, for which true is 1.
func number(n *document.Node) (float64, bool) {
	if v, ok := whole(n); ok {
		return float64(v), true
	}
	v, ok := n.Value().(float64)
	return v, ok
}
