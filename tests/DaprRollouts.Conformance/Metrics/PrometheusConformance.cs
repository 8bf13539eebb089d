using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Model;
using Microsoft.AspNetCore.Http;

namespace DaprRollouts.Conformance.Metrics;

public sealed class PrometheusConformance : MetricProviderConformance
{
    protected override string GoodAnswer =>
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1435781451.781,"0.97"]},{"metric":{},"value":[1435781451.781,"1"]}]}}""";

    protected override string Value => "[0.97,1]";

    protected override string Condition => "len(result) == 2 && result[0] > 0.9";

    [Theory]
    [InlineData("""{"resultType":"scalar","result":[1,"0.000645"]}""", "0.000645")]
    [InlineData("""{"resultType":"scalar","result":[1,"1e6"]}""", "1000000")]
    [InlineData("""{"resultType":"scalar","result":[1,"NaN"]}""", "NaN")]
    [InlineData("""{"resultType":"vector","result":[]}""", "[]")]
    [InlineData("""{"resultType":"vector","result":[{"metric":{},"value":[1,"+Inf"]}]}""", "[+Inf]")]
    [InlineData("""{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2,"2"]]},{"metric":{},"values":[[1,"3"]]}]}""", "[1,2,3]")]
    public async Task Every_kind_of_result_has_its_text(string data, string value)
    {
        Peer.AnswerJson($$"""{"status":"success","data":{{data}}}""");

        Assert.Equal(value, (await MeasureAsync(m => m with { SuccessCondition = null })).Value);
    }

    [Fact]
    public async Task Errors_of_the_query_are_told()
    {
        Peer.AnswerJson("""{"status":"error","errorType":"bad_data","error":"parse error at char 5"}""", 400);
        await ErrorAsync("bad_data: parse error at char 5");

        Peer.AnswerJson("""{"status":"success","data":{"resultType":"string","result":[1,"x"]}}""");
        await ErrorAsync("Prometheus metric type string not supported");
    }

    [Fact]
    public async Task Warnings_are_kept()
    {
        Peer.AnswerJson("""{"status":"success","warnings":["a","b"],"data":{"resultType":"scalar","result":[1,"1"]}}""");

        Assert.Equal("\"a\", \"b\"", (await MeasureAsync(m => m with { SuccessCondition = "result == 1" })).Metadata!["warnings"]);
    }

    [Fact]
    public async Task Where_only_reads_pass_the_query_is_asked_by_get()
    {
        Peer.Answer = async context =>
        {
            context.Response.StatusCode = context.Request.Method == "GET" ? 200 : 405;
            await context.Response.WriteAsync(GoodAnswer);
        };

        var measurement = await MeasureAsync();

        Assert.Equal("Successful", measurement.Phase);
        Assert.Equal(("GET", "up"), (Peer.Requests[1].Method, Peer.Requests[1].Query["query"]));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(405)]
    public async Task What_the_address_asks_for_goes_along(int status)
    {
        Peer.Answer = async context =>
        {
            context.Response.StatusCode = context.Request.Method == "GET" ? 200 : status;
            await context.Response.WriteAsync(GoodAnswer);
        };

        await MeasureAsync(m => With(m, p => p with { Address = $"{p.Address}/select/?extra_label=team%3Dshop" }));

        Assert.All(Peer.Requests, r => Assert.EndsWith("/select/api/v1/query", r.Path, StringComparison.Ordinal));
        Assert.All(Peer.Requests, r => Assert.Equal("team=shop", r.Query["extra_label"]));
        Assert.Equal("up", status == 200 ? Peer.Requests[0].Form["query"] : Peer.Requests[1].Query["query"]);
    }

    [Fact]
    public async Task A_range_is_asked_between_instants()
    {
        Peer.AnswerJson("""{"status":"success","data":{"resultType":"matrix","result":[]}}""");
        var range = new PrometheusRangeQuery { Start = "now() - duration(\"5m\")", End = "now()", Step = "1m" };

        await MeasureAsync(m => With(m, p => p with { RangeQuery = range }, "len(result) == 0"));

        var request = Assert.Single(Peer.Requests);
        Assert.Equal("/api/v1/query_range", request.Path);
        Assert.Equal(("1767322745", "1767323045", "60"), (request.Form["start"], request.Form["end"], request.Form["step"]));
    }

    [Theory]
    [InlineData("", "now()", "1m", "failed to parse rangeQuery.start as time")]
    [InlineData("1", "now()", "1m", "failed to parse rangeQuery.start as time: \"1\" is none")]
    [InlineData("now()", "nonsense(", "1m", "failed to parse rangeQuery.end as time")]
    [InlineData("now()", "now()", "60", "failed to parse rangeQuery.step as duration: \"60\"")]
    public async Task A_range_that_is_none_is_an_error(string start, string end, string step, string problem) =>
        await ErrorAsync(problem, new MetricProvider
        {
            Prometheus = new PrometheusMetric
            {
                Address = Peer.Address.ToString(), Query = "up", RangeQuery = new PrometheusRangeQuery { Start = start, End = end, Step = step },
            },
        });

    [Fact]
    public async Task Headers_of_the_metric_win_over_the_password()
    {
        Peer.AnswerJson(GoodAnswer);
        var basic = new HttpAuthentication { BasicAuth = new BasicAuthentication { Username = "user", Password = "pass" } };

        await MeasureAsync(m => With(m, p => p with { Authentication = basic }));
        await MeasureAsync(m => With(m, p => p with { Authentication = basic, Headers = [new HttpHeader { Key = "authorization", Value = "Bearer t" }] }));

        Assert.Equal(["Basic dXNlcjpwYXNz", "Bearer t"], Peer.Requests.Select(r => r.Headers["Authorization"]));
        await ErrorAsync("missing mandatory parameter in metric for basic auth setup: password", new MetricProvider
        {
            Prometheus = new PrometheusMetric { Address = Peer.Address.ToString(), Authentication = new HttpAuthentication { BasicAuth = new BasicAuthentication { Username = "u" } } },
        });
    }

    [Fact]
    public async Task A_token_is_fetched_for_each_measurement()
    {
        Peer.Answer = async context => await context.Response.WriteAsync(
            context.Request.Path == "/token" ? """{"access_token":"tok","token_type":"bearer"}""" : GoodAnswer);
        var oauth = new OAuth2Authentication { TokenUrl = $"{Peer.Address}token", ClientId = "id", ClientSecret = Credential, Scopes = ["a", "b"] };

        await MeasureAsync(m => With(m, p => p with { Authentication = new HttpAuthentication { Oauth2 = oauth } }));

        Assert.Equal(("client_credentials", "a b"), (Peer.Requests[0].Form["grant_type"], Peer.Requests[0].Form["scope"]));
        Assert.Equal("Bearer tok", Peer.Requests[1].Headers["Authorization"]);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_an_error_in_the_words_of_its_server()
    {
        Peer.AnswerJson("""{"error":"invalid_client"}""", 401);
        var oauth = new OAuth2Authentication { TokenUrl = $"{Peer.Address}token", ClientId = "id", ClientSecret = Credential };

        var error = await ErrorAsync("oauth2: cannot fetch token: 401 from POST", Settings("http://prometheus") is var settings
            ? settings with { Prometheus = settings.Prometheus! with { Authentication = new HttpAuthentication { Oauth2 = oauth } } }
            : null);

        Assert.EndsWith("/token: {\"error\":\"invalid_client\"}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "client_error: client error: 404")]
    [InlineData(500, "server_error: server error: 500")]
    [InlineData(503, "server_error: server error: 503")]
    [InlineData(400, "bad_data: parse error")]
    [InlineData(422, "bad_data: parse error")]
    [InlineData(200, "bad_data: parse error")]
    public async Task A_refusal_is_told_in_the_words_of_Prometheus(int status, string message)
    {
        Peer.AnswerJson("""{"status":"error","errorType":"bad_data","error":"parse error"}""", status);

        Assert.Equal(message, await ErrorAsync());
    }

    [Theory]
    [InlineData("prometheus:9090")]
    [InlineData("/prometheus")]
    [InlineData("http://.prometheus:9090")]
    [InlineData("")]
    public async Task An_address_that_is_none_is_an_error(string address) =>
        await ErrorAsync("address", new MetricProvider { Prometheus = new PrometheusMetric { Address = address, Query = "up" } });

    [Fact]
    public async Task A_negative_timeout_is_an_error() =>
        await ErrorAsync("should not be negative", new MetricProvider { Prometheus = new PrometheusMetric { Address = "http://x", Timeout = -1 } });

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new PrometheusMetrics(http, new AwsAccount(_ => null), Time);

    private protected override MetricProvider Settings(string address) =>
        new() { Prometheus = new PrometheusMetric { Address = address, Query = "up", Headers = [new HttpHeader { Key = "X-Scope-OrgID", Value = "tenant" }] } };

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("POST", "/api/v1/query"), (request.Method, request.Path));
        Assert.Equal(("up", "1767323045"), (request.Form["query"], request.Form["time"]));
        Assert.Equal("tenant", request.Headers["X-Scope-OrgID"]);
    }

    private static Metric With(Metric metric, Func<PrometheusMetric, PrometheusMetric> change, string? condition = null) =>
        metric with { SuccessCondition = condition ?? metric.SuccessCondition, Provider = new MetricProvider { Prometheus = change(metric.Provider!.Prometheus!) } };
}
