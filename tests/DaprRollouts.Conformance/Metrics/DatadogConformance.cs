using System.Text.Json;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Conformance.Metrics;

public sealed class DatadogConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """{"status":"ok","series":[{"pointlist":[[1598867910000,0.002],[1598867925000,0.0006]]}]}""";

    protected override string Value => "0.0006";

    protected override string Condition => "result < 0.001";

    [Theory]
    [InlineData("""{"series":[]}""", "[]")]
    [InlineData("""{"series":null}""", "null")]
    [InlineData("""{"series":[{"pointlist":[]}]}""", "[{\"Pointlist\":[]}]")]
    public async Task No_points_are_no_data(string answer, string value)
    {
        Peer.AnswerJson(answer);

        var measurement = await MeasureAsync(m => m with { SuccessCondition = "default(result, 0) == 0" });

        Assert.Equal(("Successful", value), (measurement.Phase, measurement.Value));
    }

    public static TheoryData<DatadogMetric, string> Contradictions => new()
    {
        { new DatadogMetric(), "Must have either a query or queries" },
        { new DatadogMetric { Query = "q", Queries = Two }, "Cannot have both a query and queries" },
        { new DatadogMetric { Queries = Two, Formula = "a / b" }, "API Version v1 only supports using the query parameter" },
        { new DatadogMetric { Query = "q", Formula = "a" }, "Formula are only valid when queries are set" },
        { new DatadogMetric { ApiVersion = "v2", Queries = Two }, "When multiple queries are provided you must include a formula" },
        { new DatadogMetric { Query = "q", Aggregator = "avg" }, "Aggregator is not supported in v1" },
        { new DatadogMetric { Query = "q", RequestTimeout = "0s" }, "Request timeout must be a positive duration" },
        { new DatadogMetric { Query = "q", ApiVersion = "v3" }, "there are v1 and v2" },
        { new DatadogMetric { Query = "q", SecretRef = new DatadogSecretRef { Namespaced = true } }, "secret name is required for namespaced credentials" },
        { new DatadogMetric { Query = "q" }, "failed to find the credentials" },
    };

    private static Dictionary<string, string> Two => new() { ["a"] = "qa", ["b"] = "qb" };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task Settings_that_contradict_each_other_are_an_error(DatadogMetric settings, string problem)
    {
        await ErrorAsync(problem, new MetricProvider { Datadog = settings });

        Assert.Empty(Peer.Requests);
    }

    [Theory]
    [InlineData("""{"series":[{"pointlist":[[1598867910000]]}]}""", "Datapoint does not have 2 values")]
    [InlineData("""{"series":[{"pointlist":[[1598867910000,"x"]]}]}""", "cannot be read")]
    [InlineData("""{"series":"invalid"}""", "cannot be read")]
    [InlineData("""{"series":[{"pointlist":"invalid"}]}""", "cannot be read")]
    [InlineData("""{"series":["invalid"]}""", "cannot be read")]
    public async Task A_point_of_another_shape_is_an_error(string answer, string problem)
    {
        Peer.AnswerJson(answer);

        await ErrorAsync(problem);
    }

    [Fact]
    public async Task A_point_without_a_value_is_zero()
    {
        Peer.AnswerJson("""{"series":[{"pointlist":[[1598867910000,7],[1598867910000,null]]}]}""");

        Assert.Equal(("Successful", "0"), await MeasuredAsync("result == 0"));
    }

    private async Task<(string, string?)> MeasuredAsync(string condition)
    {
        var measurement = await MeasureAsync(m => m with { SuccessCondition = condition });
        return (measurement.Phase, measurement.Value);
    }

    [Fact]
    public async Task A_secret_that_is_missing_is_an_error() => await ErrorAsync(
        "secrets \"none\" not found in namespace 'argo-rollouts'",
        new MetricProvider { Datadog = new DatadogMetric { Query = "q", SecretRef = new DatadogSecretRef { Name = "none" } } });

    [Theory]
    [InlineData("key", "app-key", "")]
    [InlineData("", "app-key", "no credentials")]
    [InlineData("key", "", "no credentials")]
    public async Task The_environment_counts_if_it_has_both_keys(string key, string appKey, string problem)
    {
        Peer.AnswerJson(GoodAnswer);
        using var http = new MetricHttp(MetricHostPolicy.Default, Time);
        using var client = new k8s.Kubernetes(new k8s.KubernetesClientConfiguration { Host = Peer.Address.ToString() });
        var accounts = new MetricAccounts(new SecretReader(client, SecretStores.None), "argo-rollouts", name => name switch
        {
            "DD_API_KEY" => key,
            "DD_APP_KEY" => appKey,
            _ => Peer.Address.ToString(),
        });
        var request = Request(m => m with { Provider = new MetricProvider { Datadog = new DatadogMetric { Query = "q" } } });

        var error = await Record.ExceptionAsync(() => new DatadogMetrics(http, accounts, Time).MeasureAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(problem, error is null ? "" : error.Message.StartsWith("failed to find the credentials", StringComparison.Ordinal) ? "no credentials" : error.Message);
        Assert.Equal(problem.Length == 0 ? 1 : 0, Peer.Requests.Count);
    }

    protected override void Prepare(string address) => Peer.AddSecret("shop", "dog", ("address", address), ("api-key", Credential), ("app-key", "app"));

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new DatadogMetrics(http, accounts, Time);

    private protected override MetricProvider Settings(string address)
    {
        Peer.AddSecret("shop", "dog", ("address", address), ("api-key", Credential), ("app-key", "app"));
        return new() { Datadog = new DatadogMetric { Interval = "10m", Query = "avg:errors{app:web}", SecretRef = new DatadogSecretRef { Name = "dog", Namespaced = true } } };
    }

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("GET", "/api/v1/query"), (request.Method, request.Path));
        Assert.Equal(("avg:errors{app:web}", "1767322445", "1767323045"), (request.Query["query"], request.Query["from"], request.Query["to"]));
        Assert.Equal((Credential, "app", "application/json"), (request.Headers["DD-API-KEY"], request.Headers["DD-APPLICATION-KEY"], request.Headers["Content-Type"]));
    }
}

public sealed class DatadogVersion2Conformance : MetricProviderConformance
{
    protected override string GoodAnswer =>
        """{"data":{"attributes":{"columns":[{"name":"pod","type":"group","values":[["a"],["b"],["c"]]},{"name":"f","type":"number","values":[0.5,null,2]}]}}}""";

    protected override string Value => "[0.5,2]";

    protected override string Condition => "len(result) == 2 && result[1] == 2";

    [Theory]
    [InlineData("""{"data":{"attributes":{"columns":[{"values":[null,3]}]}}}""", "result == 3", "3")]
    [InlineData("""{"data":{"attributes":{"columns":[]}}}""", "isNil(result)", "[]")]
    public async Task Without_groups_the_first_number_counts(string answer, string condition, string value)
    {
        Peer.AnswerJson(answer);

        var measurement = await MeasureAsync(m => m with { SuccessCondition = condition });

        Assert.Equal(("Successful", value), (measurement.Phase, measurement.Value));
    }

    [Theory]
    [InlineData("""{"data":{"attributes":{"columns":[]},"errors":"no such metric"}}""", "There were errors in your query: no such metric")]
    [InlineData("""{"data":{"attributes":{"columns":[{"name":"q","type":"number","values":[1,"2"]}]}}}""", "could not parse numeric value \"2\" in column \"q\"")]
    [InlineData("""{"data":{"attributes":{"columns":[{"values":"invalid"}]}}}""", "cannot be read")]
    [InlineData("""{"data":"invalid"}""", "cannot be read")]
    [InlineData("""{"data":{"attributes":{"columns":[{"type":"group","values":["a"]},{"type":"number","values":[1]}]}}}""", "could not parse group label at index 0")]
    [InlineData("""{"data":{"attributes":{"columns":[{"type":"group","values":[[1]]},{"type":"number","values":[1]}]}}}""", "could not parse group label at index 0")]
    [InlineData("""{"data":{"attributes":{"columns":[{"type":"group","values":[null]},{"type":"number","values":[1]}]}}}""", "could not parse group label at index 0")]
    [InlineData("""{"data":{"attributes":{"columns":[{"type":"group","values":[["a"],[]]},{"type":"group","values":[["x"],["y"]]},{"type":"number","values":[1,2]}]}}}""", "could not parse group label at index 1")]
    [InlineData("""{"data":{"attributes":{"columns":[{"type":"group","values":[["a"]]},{"type":"number","values":[1,2]}]}}}""", "could not parse group label at index 1")]
    public async Task What_cannot_be_told_apart_is_an_error(string answer, string problem)
    {
        Peer.AnswerJson(answer);

        await ErrorAsync(problem);
    }

    [Fact]
    public async Task Groups_of_several_tags_have_names_of_all()
    {
        Peer.AnswerJson("""{"data":{"attributes":{"columns":[{"type":"group","values":[["eu"],[""]]},{"type":"group","values":[["a","b"],["c"]]},{"type":"number","values":[1,2]}]}}}""");

        var measurement = await MeasureAsync(m => m with { SuccessCondition = "result[0] == 1" });

        Assert.Equal(("[1,2]", """[{"name":"eu,a,b","value":1},{"name":",c","value":2}]"""), (measurement.Value, measurement.Metadata!["groups"]));
    }

    [Fact]
    public async Task Of_very_many_groups_the_lowest_and_the_highest_are_shown_and_all_are_judged()
    {
        var values = Enumerable.Range(0, 300).Select(i => i * 7 % 300).ToList();
        Peer.AnswerJson($$$$"""{"data":{"attributes":{"columns":[{"type":"group","values":[{{{{string.Join(',', values.Select(v => $"[\"g{v}\"]"))}}}}]},{"type":"number","values":[{{{{string.Join(',', values)}}}}]}]}}}""");

        var metadata = (await MeasureAsync(m => m with { SuccessCondition = "len(result) == 300 && max(result) == 299" })).Metadata!;

        using var groups = JsonDocument.Parse(metadata["groups"]);
        Assert.Equal(
            [.. Enumerable.Range(0, 50), .. Enumerable.Range(250, 50)], groups.RootElement.EnumerateArray().Select(g => g.GetProperty("value").GetInt32()));
        Assert.Equal("true", metadata["groups_truncated"]);
    }

    [Fact]
    public async Task Groups_are_named()
    {
        Peer.AnswerJson(GoodAnswer);

        Assert.Equal("""[{"name":"a","value":0.5},{"name":"c","value":2}]""", (await MeasureAsync()).Metadata!["groups"]);
    }

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new DatadogMetrics(http, accounts, Time);

    private protected override MetricProvider Settings(string address)
    {
        Peer.AddSecret("argo-rollouts", "datadog", ("address", address), ("api-key", Credential), ("app-key", "app"));
        return new()
        {
            Datadog = new DatadogMetric { ApiVersion = "v2", Queries = new Dictionary<string, string> { ["a"] = "qa", ["b"] = "qb" }, Formula = "a / b", Aggregator = "avg" },
        };
    }

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("POST", "/api/v2/query/scalar"), (request.Method, request.Path));
        using var body = JsonDocument.Parse(request.Body);
        var attributes = body.RootElement.GetProperty("data").GetProperty("attributes");
        Assert.Equal(1767323045000, attributes.GetProperty("to").GetInt64());
        Assert.Equal(
            """[{"aggregator":"avg","data_source":"metrics","name":"a","query":"qa"},{"aggregator":"avg","data_source":"metrics","name":"b","query":"qb"}]""",
            attributes.GetProperty("queries").GetRawText());
        Assert.Equal("""[{"formula":"a / b"}]""", attributes.GetProperty("formulas").GetRawText());
    }
}
