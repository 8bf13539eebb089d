using System.Text.Json;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Conformance.Metrics;

public sealed class GraphiteConformance : MetricProviderConformance
{
    protected override string GoodAnswer => """[{"target":"t","datapoints":[[90.5,1617798740],[null,1617798750],["80",1617798760]]}]""";

    protected override string Value => "[90.500000,80.000000]";

    protected override string Condition => "result[1] == 80";

    [Theory]
    [InlineData("""["1,5",1617798740]""")]
    [InlineData("[80]")]
    [InlineData("[[],1617798740]")]
    public async Task A_point_that_is_none_is_an_error(string point)
    {
        Peer.AnswerJson($$"""[{"datapoints":[[1,2],{{point}}]}]""");

        await ErrorAsync("cannot be read");
    }

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

    [Theory]
    [InlineData("")]
    [InlineData("#datatype,string,long,double\r\n,result,table,_value\r\n,,0,1\r\n\r\n")]
    public async Task An_error_of_the_server_is_told_however_much_came_before(string before)
    {
        Peer.AnswerText($"{before}#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,\"query, it took too long\",897\r\n", "text/csv");

        Assert.Equal("influxdb: query, it took too long", await ErrorAsync());
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
    public async Task An_account_that_is_missing_is_an_error_that_names_what_it_must_hold() => Assert.Equal(
        "secrets \"none\" not found in namespace 'argo-rollouts': it must hold personal-api-key, account-id",
        await ErrorAsync(settings: new MetricProvider { NewRelic = new NewRelicMetric { Profile = "none", Query = "q" } }));

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

    [Theory]
    [InlineData("""{"timeseries":[],"warnings":"No query provided"}""", "No TimeSeries found in response from Wavefront: No query provided")]
    [InlineData("""{"errorType":"QuerySyntaxError","errorMessage":"no such function"}""", "wavefront: QuerySyntaxError: no such function")]
    [InlineData("""{"timeseries":[{"data":[]}]}""", "wavefront: a series has no points")]
    public async Task Where_there_is_no_point_it_is_said_why(string answer, string error)
    {
        Peer.AnswerJson(answer);

        Assert.Equal(error, await ErrorAsync());
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
