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
        Assert.Equal((Credential, "app"), (request.Headers["DD-API-KEY"], request.Headers["DD-APPLICATION-KEY"]));
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
    [InlineData("""{"data":{"attributes":{"columns":[{"type":"number","values":[1,"2"]}]}}}""", "could not parse numeric value \"2\"")]
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
        Peer.AnswerJson("""{"data":{"attributes":{"columns":[{"type":"group","values":[["eu"]]},{"type":"group","values":[["a","b"]]},{"type":"number","values":[1]}]}}}""");

        var measurement = await MeasureAsync(m => m with { SuccessCondition = "result[0] == 1" });

        Assert.Equal(("[1]", """[{"name":"eu,a,b","value":1}]"""), (measurement.Value, measurement.Metadata!["groups"]));
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

public sealed class GraphiteConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """[{"target":"t","datapoints":[[90.5,1617798740],[null,1617798750],["80",1617798760]]}]""";

    protected override string Value => "[90.500000,80.000000]";

    protected override string Condition => "result[1] == 80";

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new GraphiteMetrics(http, Time);

    private protected override MetricProvider Settings(string address) =>
        new() { Graphite = new GraphiteMetric { Address = $"{address}/graphite/", Query = "target=summarize(\n  web.*, '5min')\n  &from=-5min&format=csv" } };

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("GET", "/graphite/render"), (request.Method, request.Path));
        Assert.Equal(("summarize(web.*,'5min')", "-5min", "json"), (request.Query["target"], request.Query["from"], request.Query["format"]));
    }
}

public sealed class InfluxdbConformance : MetricProviderConformance
{
    protected override string GoodAnswer =>
        "#datatype,string,long,double,string\r\n#group,false,false,false,true\r\n#default,_result,,,\r\n,result,table,_value,_field\r\n,,0,1,rate\r\n,,0,6.6,\"a,b\"\r\n\r\n"
        + "#datatype,string,long,boolean\r\n,result,table,_value\r\n,,1,true\r\n,,1,\r\n";

    protected override string Value => "[1 6.6 true <nil>]";

    protected override string Condition => "result[0] == 1 && result[1] > 6 && result[2]";

    [Theory]
    [InlineData("string", "", "<nil>")]
    [InlineData("string", "a b", "a b")]
    [InlineData("dateTime:RFC3339", "2026-01-01T00:00:00.5Z", "2026-01-01 00:00:00.5 +0000 UTC")]
    [InlineData("dateTime:RFC3339Nano", "2026-01-01T01:00:00-02:30", "2026-01-01 01:00:00 -0230 -0230")]
    [InlineData("unsignedLong", "18446744073709551615", "18446744073709551615")]
    [InlineData("long", "-7", "-7")]
    [InlineData("duration", "1h30m", "1h30m0s")]
    [InlineData("double", "1e21", "1e+21")]
    public async Task Values_are_of_the_types_that_their_tables_name(string type, string text, string value)
    {
        Peer.AnswerText($"#datatype,string,long,{type}\r\n,result,table,_value\r\n,,0,{text}\r\n", "text/csv");

        Assert.Equal($"[{value}]", (await MeasureAsync(m => m with { SuccessCondition = "len(result) == 1" })).Value);
    }

    // Half of the text still holds whole records, and those count.
    protected override bool TakesText => true;

    protected override void Prepare(string address) => Peer.AddSecret("argo-rollouts", "influx", ("address", address), ("authToken", Credential), ("org", "my-org"));

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new InfluxdbMetrics(http, accounts, Time);

    private protected override MetricProvider Settings(string address)
    {
        Prepare(address);
        return new() { Influxdb = new InfluxdbMetric { Profile = "influx", Query = "from(bucket: \"web\")" } };
    }

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("POST", "/api/v2/query", "my-org"), (request.Method, request.Path, request.Query["org"]));
        Assert.Equal($"Token {Credential}", request.Headers["Authorization"]);
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal("from(bucket: \"web\")", body.RootElement.GetProperty("query").GetString());
    }
}

public sealed class NewRelicConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """{"data":{"actor":{"account":{"nrql":{"results":[{"average.duration":12.34,"count":3}]}}}}}""";

    protected override string Value => """{"average.duration":12.34,"count":3}""";

    protected override string Condition => "result.count == 3 && result['average.duration'] < 13";

    [Fact]
    public async Task Several_rows_are_a_list()
    {
        Peer.AnswerJson("""{"data":{"actor":{"account":{"nrql":{"results":[{"c":1},{"c":2}]}}}}}""");

        var measurement = await MeasureAsync(m => m with { SuccessCondition = "all(result, .c > 0)" });

        Assert.Equal(("Successful", """[{"c":1},{"c":2}]"""), (measurement.Phase, measurement.Value));
    }

    protected override void Prepare(string address) =>
        Peer.AddSecret("argo-rollouts", "newrelic", ("personal-api-key", Credential), ("account-id", "4711"), ("base-url-nerdgraph", $"{address}/graphql"));

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new NewRelicMetrics(http, accounts, new ImpatientClock(Time));

    private protected override MetricProvider Settings(string address)
    {
        Prepare(address);
        return new() { NewRelic = new NewRelicMetric { Query = "FROM Transaction SELECT count(*)" } };
    }

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("POST", "/graphql", Credential), (request.Method, request.Path, request.Headers["Api-Key"]));
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal("""{"accountId":4711,"query":"FROM Transaction SELECT count(*)","timeout":5}""", body.RootElement.GetProperty("variables").GetRawText());
    }
}

public sealed class SkywalkingConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """{"data":{"apdex":{"values":[{"value":9900},{"value":10000}]}}}""";

    protected override string Value => """{"apdex":{"values":[{"value":9900},{"value":10000}]}}""";

    protected override string Condition => "all(result.apdex.values, {asFloat(.value) >= 9900})";

    [Fact]
    public async Task Errors_of_the_query_are_told()
    {
        Peer.AnswerJson("""{"errors":[{"message":"no such service"}]}""");

        await ErrorAsync("no such service");
    }

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new SkywalkingMetrics(http, Time);

    private protected override MetricProvider Settings(string address) =>
        new() { Skywalking = new SkywalkingMetric { Address = address, Interval = "3m", Query = "query { q }" } };

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("POST", "/graphql"), (request.Method, request.Path));
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal(
            """{"start":"2026-01-02 0301","end":"2026-01-02 0304","step":"MINUTE"}""", body.RootElement.GetProperty("variables").GetProperty("duration").GetRawText());
    }
}

public sealed class WavefrontConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """{"warnings":"slow","timeseries":[{"data":[[1767323000,0.5],[1767323044,0.95],[1767323060,2]]}]}""";

    protected override string Value => "0.95";

    protected override string Condition => "result > 0.9";

    [Fact]
    public async Task The_point_that_is_closest_counts_and_its_distance_is_told()
    {
        Peer.AnswerJson(GoodAnswer);

        var metadata = (await MeasureAsync()).Metadata!;

        Assert.Equal(("1767323044", "-1", "slow"), (metadata["timestamps"], metadata["drift"], metadata["warnings"]));
    }

    [Fact]
    public async Task Several_series_are_a_list()
    {
        Peer.AnswerJson("""{"timeseries":[{"data":[[1767323045,0.95]]},{"data":[[1767323045,1]]}]}""");

        Assert.Equal("[0.95,1.00]", (await MeasureAsync(m => m with { SuccessCondition = "len(result) == 2" })).Value);
    }

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new WavefrontMetrics(http, accounts, Time);

    private protected override MetricProvider Settings(string address)
    {
        Peer.AddSecret("argo-rollouts", "wavefront-api-tokens", (address, Credential));
        return new() { Wavefront = new WavefrontMetric { Address = address, Query = "ts(rate)" } };
    }

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("GET", "/api/v2/chart/api"), (request.Method, request.Path));
        Assert.Equal(("ts(rate)", "1767323045000", "s"), (request.Query["q"], request.Query["s"], request.Query["g"]));
        Assert.Equal($"Bearer {Credential}", request.Headers["Authorization"]);
    }
}

public sealed class CloudWatchConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """
        <GetMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><GetMetricDataResult><MetricDataResults>
        <member><Id>rate</Id><Label>Rate</Label><StatusCode>Complete</StatusCode><Timestamps><member>2026-01-01T00:00:00Z</member><member>2026-01-01T00:01:00Z</member></Timestamps>
        <Values><member>0.003</member><member>0.01</member></Values></member>
        <member><Id>none</Id><StatusCode>Complete</StatusCode><Timestamps/><Values/></member>
        </MetricDataResults></GetMetricDataResult></GetMetricDataResponse>
        """;

    protected override string Value => "[[0.003 0.01] []]";

    protected override string Condition => "len(result[0].Values) == 2 && all(result[0].Values, {# <= 0.01}) && len(result[1].Values) == 0";

    private protected override IMetricProvider Create(MetricHttp http, MetricAccounts accounts) => new CloudWatchMetrics(http, new AwsAccount(Variable), Time);

    private protected override MetricProvider Settings(string address)
    {
        _address = address;
        return new()
        {
            CloudWatch = new CloudWatchMetric
            {
                Interval = "10m",
                MetricDataQueries =
                [
                    new CloudWatchQuery
                    {
                        Id = "rate",
                        MetricStat = new CloudWatchStatistic
                        {
                            Stat = "Sum",
                            Period = "300",
                            Metric = new CloudWatchMetricName { Namespace = "app", MetricName = "errors", Dimensions = [new CloudWatchDimension { Name = "pod", Value = "web" }] },
                        },
                    },
                    new CloudWatchQuery { Id = "none", Expression = "rate / 2", ReturnData = true },
                ],
            },
        };
    }

    private protected override void CheckRequest(PeerRequest request)
    {
        Assert.Equal(("POST", "/"), (request.Method, request.Path));
        Assert.Equal(("GetMetricData", "2026-01-02T02:54:05Z"), (request.Form["Action"], request.Form["StartTime"]));
        Assert.Equal("300", request.Form["MetricDataQueries.member.1.MetricStat.Period"]);
        Assert.Equal("web", request.Form["MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value"]);
        Assert.Equal("rate / 2", request.Form["MetricDataQueries.member.2.Expression"]);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-central-1/monitoring/aws4_request", request.Headers["Authorization"], StringComparison.Ordinal);
    }

    private string? _address;

    private string? Variable(string name) => name switch
    {
        "AWS_REGION" => "eu-central-1",
        "AWS_ACCESS_KEY_ID" => "AKID",
        "AWS_SECRET_ACCESS_KEY" => Credential,
        "AWS_ENDPOINT_URL_CLOUDWATCH" => _address,
        _ => null,
    };
}
