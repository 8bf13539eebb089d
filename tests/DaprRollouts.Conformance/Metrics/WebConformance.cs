using System.Text.Json.Nodes;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Model;
using Microsoft.AspNetCore.Http;

namespace DaprRollouts.Conformance.Metrics;

public sealed class WebConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """{"data":{"ok":true,"text":"<&>"}}""";

    protected override string Value => """{"ok":true,"text":"\u003c\u0026\u003e"}""";

    protected override string Condition => "result.ok";

    protected override bool TakesText => true;

    [Fact]
    public async Task Text_is_a_result_as_it_is()
    {
        Peer.AnswerText("I am OK");

        var measurement = await MeasureAsync(m => m with { SuccessCondition = "result == 'I am OK'" });

        Assert.Equal(("Successful", "I am OK"), (measurement.Phase, measurement.Value));
    }

    [Fact]
    public async Task Half_a_character_makes_a_text_of_it()
    {
        Peer.AnswerJson("{\"a\":\"\\ud800\"}");

        Assert.Equal(("Successful", "{\"a\":\"\\ud800\"}"), await OutcomeAsync(m => m with { SuccessCondition = "result contains 'ud800'" }));
    }

    [Fact]
    public async Task Null_is_nil()
    {
        Peer.AnswerJson("null");

        Assert.Equal(("Successful", "null"), await OutcomeAsync(With(w => w with { JsonPath = null }, "isNil(result)")));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task A_body_is_sent_with_its_type(string method)
    {
        Peer.AnswerJson(GoodAnswer);

        await MeasureAsync(With(w => w with { Method = method, JsonBody = new JsonObject { ["a"] = 1 }, Headers = [new HttpHeader { Key = "content-type", Value = "x/y" }] }));
        await MeasureAsync(With(w => w with { Method = method, Body = "a=1" }));

        Assert.Equal(("""{"a":1}""", "application/json", method), (Peer.Requests[0].Body, Peer.Requests[0].Headers["Content-Type"], Peer.Requests[0].Method));
        Assert.Equal(("a=1", false), (Peer.Requests[1].Body, Peer.Requests[1].Headers.ContainsKey("Content-Type")));
    }

    [Fact]
    public async Task Headers_of_a_body_are_sent_without_one_but_nothing_that_the_connection_sees_to()
    {
        Peer.AnswerJson(GoodAnswer);
        HttpHeader[] headers = [new() { Key = "content-type", Value = "application/json" }, new() { Key = "Content-Length", Value = "99" }, new() { Key = "Transfer-Encoding", Value = "chunked" }];

        await MeasureAsync(With(w => w with { Headers = headers }));
        await MeasureAsync(With(w => w with { Headers = headers, Method = "POST", Body = "a=1" }));

        Assert.Equal(["application/json", "application/json"], Peer.Requests.Select(r => r.Headers["Content-Type"]));
        Assert.Equal([("GET", ""), ("POST", "a=1")], Peer.Requests.Select(r => (r.Method, r.Body)));
    }

    [Fact]
    public async Task A_redirect_that_drops_the_body_drops_what_describes_it()
    {
        Peer.Answer = async context =>
        {
            if (context.Request.Method == "POST")
            {
                context.Response.Redirect("/there");
            }
            else
            {
                await context.Response.WriteAsync(GoodAnswer);
            }
        };

        await MeasureAsync(With(w => w with { Method = "POST", Body = "a=1", Headers = [new HttpHeader { Key = "Content-Type", Value = "text/x" }] }));

        Assert.Equal(("/there", false, false), (Peer.Requests[1].Path, Peer.Requests[1].Headers.ContainsKey("Content-Type"), Peer.Requests[1].Headers.ContainsKey("Content-Length")));
    }

    [Theory]
    [InlineData(100, "len(result) == 1")]
    [InlineData(2000, "len(result) == 4000")]
    public async Task Deep_answers_are_JSON_as_far_as_can_be_taken(int depth, string condition)
    {
        Peer.AnswerJson(new string('[', depth) + new string(']', depth));

        Assert.Equal("Successful", (await OutcomeAsync(With(w => w with { JsonPath = null }, condition))).Item1);
    }

    [Fact]
    public async Task A_number_that_is_too_large_makes_a_text_of_it()
    {
        Peer.AnswerJson("1e400");

        Assert.Equal(("Successful", "1e400"), await OutcomeAsync(With(w => w with { JsonPath = null }, "result == '1e400'")));
    }

    [Fact]
    public async Task Bodies_that_cannot_be_sent_are_errors()
    {
        await ErrorAsync("use either Body or JSONBody", Web(w => w with { Method = "POST", Body = "a", JsonBody = new JsonObject() }));
        await ErrorAsync("can only be used with POST or PUT", Web(w => w with { Body = "a" }));
        await ErrorAsync("method \"GET it\" is none: there are GET, POST and PUT", Web(w => w with { Method = "GET it" }));
        await ErrorAsync("jsonPath", Web(w => w with { JsonPath = "{$.a" }));
        await ErrorAsync("address", Web(w => w with { Url = "not an address" }));
    }

    [Fact]
    public async Task Redirects_are_followed_without_credentials_to_other_hosts()
    {
        await using var other = await MetricPeer.StartAsync();
        other.AnswerJson(GoodAnswer);
        Peer.Answer = context =>
        {
            context.Response.Redirect($"{other.Address}there");
            return Task.CompletedTask;
        };

        var measurement = await MeasureAsync(With(w => w with { Headers = [new HttpHeader { Key = "Authorization", Value = Credential }, new HttpHeader { Key = "X-Team", Value = "shop" }] }));

        Assert.Equal("Successful", measurement.Phase);
        Assert.Equal(("/there", "shop", false), (other.Requests[0].Path, other.Requests[0].Headers["X-Team"], other.Requests[0].Headers.ContainsKey("Authorization")));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    public async Task Cloud_metadata_is_out_of_reach(string url) => await ErrorAsync("denied", Web(w => w with { Url = url }));

    [Fact]
    public async Task A_redirect_to_cloud_metadata_is_out_of_reach()
    {
        Peer.Answer = context =>
        {
            context.Response.Redirect("http://169.254.169.254/");
            return Task.CompletedTask;
        };

        await ErrorAsync("denied");
    }

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new WebMetrics(http, Time);

    private protected override MetricProvider Settings(string address) => new()
    {
        Web = new WebMetric { Url = $"{address}/check?app=web", JsonPath = "{$.data}", Headers = [new HttpHeader { Key = "Authorization", Value = $"Bearer {Credential}" }] },
    };

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("GET", "/check", "web"), (request.Method, request.Path, request.Query["app"]));
        Assert.Equal($"Bearer {Credential}", request.Headers["Authorization"]);
    }

    private async Task<(string, string?)> OutcomeAsync(Func<Metric, Metric> change)
    {
        var measurement = await MeasureAsync(change);
        return (measurement.Phase, measurement.Value);
    }

    private MetricProvider Web(Func<WebMetric, WebMetric> change) => new() { Web = change(Settings(Peer.Address.ToString().TrimEnd('/')).Web!) };

    private Func<Metric, Metric> With(Func<WebMetric, WebMetric> change, string? condition = null) =>
        metric => metric with { SuccessCondition = condition ?? metric.SuccessCondition, Provider = Web(change) };
}
