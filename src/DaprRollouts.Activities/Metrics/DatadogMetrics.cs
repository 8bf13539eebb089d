using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Datadog, by version 1 or 2 of its query API.</summary>
public sealed class DatadogMetrics(MetricHttp http, MetricAccounts accounts, TimeProvider time) : ImmediateMetrics(time)
{
    private const string DefaultSecret = "datadog";
    private const string DefaultAddress = "https://api.datadoghq.com";

    public override string Name => "datadog";

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.Datadog!;
        var isVersion2 = settings.ApiVersion switch
        {
            null or "" or "v1" => false,
            "v2" => true,
            var other => throw new MetricException($"datadog: apiVersion \"{other}\" is not known: there are v1 and v2"),
        };
        Check(settings, isVersion2);
        var interval = Duration("interval", settings.Interval, TimeSpan.FromMinutes(5));
        var timeout = Duration("requestTimeout", settings.RequestTimeout, TimeSpan.FromSeconds(10));
        if (timeout <= TimeSpan.Zero)
        {
            throw new MetricException("datadog: Request timeout must be a positive duration (e.g. 30s).");
        }

        var account = await AccountAsync(request.Run, settings.SecretRef, cancel);
        var now = Time.GetUtcNow();
        var call = new MetricCall
        {
            Address = MetricCall.AddressOf("datadog address", account.Address),
            Headers = [("Content-Type", "application/json"), ("DD-API-KEY", account.ApiKey), ("DD-APPLICATION-KEY", account.AppKey)],
            Timeout = timeout,
        };
        var answer = await http.SendAsync(isVersion2 ? Version2(call, settings, now - interval, now) : Version1(call, settings, now - interval, now), cancel);
        if (answer.Status != 200)
        {
            var kind = answer.Status is 401 or 403 ? "authentication error" : "non 2xx";
            throw new MetricException($"datadog: received {kind} response code: {answer.Status} {answer.Excerpt}");
        }

        return isVersion2 ? DatadogAnswer.ReadVersion2(answer) : DatadogAnswer.ReadVersion1(answer);
    }

    private static void Check(DatadogMetric settings, bool isVersion2)
    {
        var queries = settings.Queries?.Count ?? 0;
        var (hasQuery, hasFormula) = (!string.IsNullOrEmpty(settings.Query), !string.IsNullOrEmpty(settings.Formula));
        var problem = !hasQuery && queries == 0 ? "Must have either a query or queries."
            : hasQuery && queries > 0 ? "Cannot have both a query and queries."
            : !isVersion2 && !hasQuery ? "Query is empty. API Version v1 only supports using the query parameter."
            : hasFormula && queries == 0 ? "Formula are only valid when queries are set."
            : queries > 1 && !hasFormula ? "When multiple queries are provided you must include a formula."
            : !isVersion2 && !string.IsNullOrEmpty(settings.Aggregator) ? "Aggregator is not supported in v1."
            : null;
        if (problem is not null)
        {
            throw new MetricException($"datadog: {problem}");
        }
    }

    private static TimeSpan Duration(string field, string? text, TimeSpan otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise
        : GoDuration.TryParse(text, out var duration) ? duration
        : throw new MetricException($"datadog: {field} \"{text}\" is not a duration");

    private static MetricCall Version1(MetricCall call, DatadogMetric settings, DateTimeOffset from, DateTimeOffset to) => call with
    {
        Address = At(call.Address, "/api/v1/query", HttpSignIn.Form(
        [
            new("query", settings.Query!), new("from", $"{from.ToUnixTimeSeconds()}"), new("to", $"{to.ToUnixTimeSeconds()}"),
        ])),
    };

    private static MetricCall Version2(MetricCall call, DatadogMetric settings, DateTimeOffset from, DateTimeOffset to)
    {
        var aggregator = string.IsNullOrEmpty(settings.Aggregator) ? "last" : settings.Aggregator;
        var queries = settings.Queries is { Count: > 0 } several ? several : new Dictionary<string, string> { ["query"] = settings.Query! };
        var body = new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["type"] = "scalar_request",
                ["attributes"] = new JsonObject
                {
                    ["from"] = from.ToUnixTimeMilliseconds(),
                    ["to"] = to.ToUnixTimeMilliseconds(),
                    ["queries"] = new JsonArray([.. queries.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => new JsonObject
                    {
                        ["aggregator"] = aggregator, ["data_source"] = "metrics", ["name"] = q.Key, ["query"] = q.Value,
                    })]),
                    ["formulas"] = string.IsNullOrEmpty(settings.Formula) ? [] : new JsonArray(new JsonObject { ["formula"] = settings.Formula }),
                },
            },
        };
        return call with { Address = At(call.Address, "/api/v2/query/scalar", ""), Method = HttpMethod.Post, Body = body.ToJsonString(ModelJson.Options) };
    }

    private static Uri At(Uri address, string path, string query) =>
        new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + path, Query = query }.Uri;

    private async Task<Account> AccountAsync(MetricOwner run, DatadogSecretRef? reference, CancellationToken cancel)
    {
        if (!string.IsNullOrEmpty(reference?.Name))
        {
            var ns = reference.Namespaced == true ? run.Namespace : accounts.Namespace;
            return Of(
                await accounts.Secrets.TryReadAsync(ns, reference.Name, cancel) ?? throw new MetricException($"datadog: secrets \"{reference.Name}\" not found in namespace '{ns}'"),
                reference.Name);
        }

        if (reference?.Namespaced == true)
        {
            throw new MetricException("datadog: secret name is required for namespaced credentials");
        }

        if (accounts.Variable("DD_API_KEY") is { Length: > 0 } apiKey && accounts.Variable("DD_APP_KEY") is { Length: > 0 } appKey
            && accounts.Variable("DD_ADDRESS") is { } address)
        {
            return new Account(address.Length == 0 ? DefaultAddress : address, apiKey, appKey);
        }

        return Of(
            await accounts.Secrets.TryReadAsync(accounts.Namespace, DefaultSecret, cancel)
            ?? throw new MetricException($"failed to find the credentials for datadog metrics provider: name a secret in the metric, set DD_API_KEY, DD_APP_KEY and DD_ADDRESS, or create secret '{DefaultSecret}' in namespace '{accounts.Namespace}'"),
            DefaultSecret);
    }

    private static Account Of(IReadOnlyDictionary<string, string> secret, string name) =>
        secret.TryGetValue("api-key", out var apiKey) && apiKey.Length > 0 && secret.TryGetValue("app-key", out var appKey) && appKey.Length > 0
            ? new Account(secret.TryGetValue("address", out var address) && address.Length > 0 ? address : DefaultAddress, apiKey, appKey)
            : throw new MetricException($"datadog: secret '{name}' lacks api-key or app-key");

    private sealed record Account(string Address, string ApiKey, string AppKey);
}
