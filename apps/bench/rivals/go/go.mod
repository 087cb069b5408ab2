module wampkit/rivals

go 1.25.0

require (
	github.com/gammazero/nexus/v3 v3.3.0
	github.com/xconnio/xconn-go v0.1.0
)
