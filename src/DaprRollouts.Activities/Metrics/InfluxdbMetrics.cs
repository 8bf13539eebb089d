using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>InfluxDB 2, by Flux.</summary>
public sealed class InfluxdbMetrics(MetricHttp http, MetricAccounts accounts, TimeProvider time) : ImmediateMetrics(time)
{
    private const string DefaultProfile = "influxdb";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public override string Name => "influxdb";

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.Influxdb!;
        var profile = string.IsNullOrEmpty(settings.Profile) ? DefaultProfile : settings.Profile;
        var account = await accounts.ReadAsync(profile, ["address", "authToken", "org"], cancel);
        var address = MetricCall.AddressOf("influxdb address", account["address"]);
        var body = new JsonObject
        {
            ["query"] = settings.Query,
            ["type"] = "flux",
            ["dialect"] = new JsonObject { ["annotations"] = new JsonArray("datatype", "group", "default"), ["delimiter"] = ",", ["header"] = true },
        };
        var answer = await http.SendAsync(
            new MetricCall
            {
                Address = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/api/v2/query", Query = HttpSignIn.Form([new("org", account["org"])]) }.Uri,
                Method = HttpMethod.Post,
                Headers = [("Authorization", $"Token {account["authToken"]}"), ("Accept", "application/csv")],
                Body = body.ToJsonString(ModelJson.Options),
                ContentType = "application/json",
                Timeout = Timeout,
            },
            cancel);
        if (!answer.IsSuccess)
        {
            throw new MetricException($"influxdb: received response code {answer.Status}: {answer.Excerpt}");
        }

        if (InfluxTable.Error(answer.Body) is { } error)
        {
            throw new MetricException($"influxdb: {error}");
        }

        var values = InfluxTable.Values(answer.Body);
        return values.Count > 0
            ? new MetricValue(values, GoFormat.Default(values))
            : throw new NoDataException("influxdb: no results returned from flux query");
    }
}
