// Package acceptance holds tests only. They run ccx as its users do: the built program, a real shell, Anyscale's
// published client against a stand-in for its API, AWS as moto plays it, with the manners that moto lacks added, and
// MiniStack, which decides.
//
// They need the build tag `acceptance`, Go, Python 3.10 or newer and a package index; what can't be had is a failure,
// never a skip. Everything else is made here: a virtual environment from hashed requirements, servers on free ports
// of 127.0.0.1, and a home folder without anybody's credentials.
package acceptance
