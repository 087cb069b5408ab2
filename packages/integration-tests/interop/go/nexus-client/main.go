// Command nexus-client drives a session of github.com/gammazero/nexus/v3/client by lines of JSON.
package main

import (
	"context"
	"errors"

	"github.com/gammazero/nexus/v3/client"
	"github.com/gammazero/nexus/v3/transport/serialize"
	"github.com/gammazero/nexus/v3/wamp"
	"github.com/gammazero/nexus/v3/wamp/crsign"

	"wampkit.test/interop/lines"
)

var serializations = map[string]serialize.Serialization{
	"json": client.JSON, "msgpack": client.MSGPACK, "cbor": client.CBOR,
}

var proofs = map[string]func(secret string) client.AuthFunc{
	"anonymous": func(string) client.AuthFunc { return nil },
	"ticket": func(secret string) client.AuthFunc {
		return func(*wamp.Challenge) (string, wamp.Dict) { return secret, wamp.Dict{} }
	},
	"wampcra": func(secret string) client.AuthFunc {
		return func(challenge *wamp.Challenge) (string, wamp.Dict) {
			return crsign.RespondChallenge(secret, challenge, nil), wamp.Dict{}
		}
	},
}

func main() { lines.Run(connect) }

func connect(options lines.Options) (lines.Session, error) {
	config := client.Config{Realm: options.Realm, Serialization: serializations[options.Serializer]}
	if options.AuthID != "" {
		config.HelloDetails = wamp.Dict{"authid": options.AuthID}
	}
	if options.Method != "" {
		config.AuthHandlers = map[string]client.AuthFunc{options.Method: proofs[options.Method](options.Secret)}
	}
	joined, err := client.ConnectNet(context.Background(), options.URL, config)
	if err != nil {
		return nil, err
	}
	return &session{joined, config.Serialization == client.JSON}, nil
}

type session struct {
	*client.Client
	isJSON bool
}

func (s *session) ID() uint64 { return uint64(s.Client.ID()) }

func (s *session) AuthID() string {
	authID, _ := wamp.AsString(s.RealmDetails()["authid"])
	return authID
}

func (s *session) Call(procedure string, payload lines.Payload) (lines.Payload, error) {
	args, kwargs := s.toSend(payload)
	result, err := s.Client.Call(context.Background(), procedure, nil, args, kwargs, nil)
	var failure client.RPCError
	if errors.As(err, &failure) {
		answer := failure.Err
		return lines.Payload{URI: string(answer.Error), Args: answer.Arguments, Kwargs: answer.ArgumentsKw}, nil
	}
	if err != nil {
		return lines.Payload{}, err
	}
	return lines.Payload{Args: result.Arguments, Kwargs: result.ArgumentsKw}, nil
}

func (s *session) RegisterEcho(procedure, match string) error {
	echo := func(_ context.Context, call *wamp.Invocation) client.InvokeResult {
		return client.InvokeResult{Args: call.Arguments, Kwargs: call.ArgumentsKw}
	}
	return s.Register(procedure, echo, wamp.Dict{"match": match})
}

func (s *session) RegisterFailing(procedure string, failure lines.Payload) error {
	fail := func(context.Context, *wamp.Invocation) client.InvokeResult {
		return client.InvokeResult{Err: wamp.URI(failure.URI), Args: failure.Args, Kwargs: failure.Kwargs}
	}
	return s.Register(procedure, fail, nil)
}

func (s *session) Subscribe(topic, match string, onEvent func(lines.Payload)) error {
	handle := func(event *wamp.Event) {
		onEvent(lines.Payload{Args: event.Arguments, Kwargs: event.ArgumentsKw})
	}
	return s.Client.Subscribe(topic, handle, wamp.Dict{"match": match})
}

func (s *session) Publish(topic string, payload lines.Payload) error {
	args, kwargs := s.toSend(payload)
	return s.Client.Publish(topic, wamp.Dict{"acknowledge": true}, args, kwargs)
}

// toSend marks binary in arguments for JSON, in the type that nexus has for it; in the others bytes are binary.
func (s *session) toSend(payload lines.Payload) (wamp.List, wamp.Dict) {
	if s.isJSON {
		for i, argument := range payload.Args {
			if data, ok := argument.([]byte); ok {
				payload.Args[i] = serialize.BinaryData(data)
			}
		}
	}
	return payload.Args, payload.Kwargs
}
