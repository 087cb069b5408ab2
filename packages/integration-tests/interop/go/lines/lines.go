// Package lines drives a session of somebody else's client by lines of JSON.
//
// Each line of stdin is [id, verb, ...arguments]; each line of stdout is [id, true, value], [id, false, message],
// ["event", subscription, payload], or first of all ["joined", session, authid] or ["left", reason]. Binary is
// {"$binary": base64}; an integer beyond 2^53 is {"$integer": decimal}.
package lines

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// Options say how to join.
type Options struct {
	URL, Serializer, Realm string
	// Method is empty where HELLO shall name none, AuthID where it shall name nobody.
	Method, AuthID, Secret string
}

// Payload is what a result, an event or an error carries.
type Payload struct {
	// URI is an error's, else empty.
	URI    string
	Args   []any
	Kwargs map[string]any
}

// Session is a joined session of a client.
type Session interface {
	ID() uint64
	AuthID() string
	// Call returns an ERROR that the call was answered with as a Payload with a URI.
	Call(procedure string, payload Payload) (Payload, error)
	RegisterEcho(procedure, match string) error
	RegisterFailing(procedure string, failure Payload) error
	Subscribe(topic, match string, onEvent func(Payload)) error
	// Publish waits for the acknowledgement.
	Publish(topic string, payload Payload) error
	Close() error
}

// Run joins as the command line says and follows the lines of stdin until they end, then leaves.
func Run(connect func(Options) (Session, error)) {
	output := &output{writer: os.Stdout}
	session, err := connect(optionsOf(os.Args[1:]))
	if err != nil {
		output.write("left", err.Error())
		os.Exit(1)
	}
	output.write("joined", session.ID(), session.AuthID())
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<24)
	for input.Scan() {
		follow(session, input.Bytes(), output)
	}
	if err := session.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func optionsOf(arguments []string) Options {
	if len(arguments) != 3 && len(arguments) != 6 {
		fmt.Fprintln(os.Stderr, "usage: URL SERIALIZER REALM [METHOD AUTHID SECRET]")
		os.Exit(2)
	}
	options := Options{URL: arguments[0], Serializer: arguments[1], Realm: arguments[2]}
	if len(arguments) == 6 {
		options.Method, options.AuthID, options.Secret = arguments[3], arguments[4], arguments[5]
	}
	return options
}

func follow(session Session, line []byte, output *output) {
	var command []any
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&command); err != nil {
		fmt.Fprintln(os.Stderr, "not a line of JSON:", err)
		os.Exit(2)
	}
	command = fromJSON(command).([]any)
	value, err := perform(session, command[1].(string), command[2:], output)
	if err != nil {
		output.write(command[0], false, err.Error())
		return
	}
	output.write(command[0], true, value)
}

func perform(session Session, verb string, arguments []any, output *output) (any, error) {
	uri := arguments[0].(string)
	switch verb {
	case "call":
		return session.Call(uri, payloadOf(arguments[1], arguments[2]))
	case "register_echo":
		return nil, session.RegisterEcho(uri, arguments[1].(string))
	case "register_failing":
		failure := arguments[1].(map[string]any)
		payload := payloadOf(failure["args"], failure["kwargs"])
		payload.URI = failure["uri"].(string)
		return nil, session.RegisterFailing(uri, payload)
	case "subscribe":
		onEvent := func(event Payload) { output.write("event", uri, event) }
		return nil, session.Subscribe(uri, arguments[1].(string), onEvent)
	case "publish":
		return nil, session.Publish(uri, payloadOf(arguments[1], arguments[2]))
	}
	return nil, fmt.Errorf("unknown verb %q", verb)
}

func payloadOf(args, kwargs any) Payload {
	return Payload{Args: args.([]any), Kwargs: kwargs.(map[string]any)}
}

// output is written by the reader of commands and by handlers of events.
type output struct {
	mutex  sync.Mutex
	writer *os.File
}

func (o *output) write(line ...any) {
	text, err := json.Marshal(toJSON(line))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	_, _ = o.writer.Write(append(text, '\n'))
}
