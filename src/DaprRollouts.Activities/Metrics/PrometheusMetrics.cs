using System.Globalization;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Prometheus, and servers that answer as it does.</summary>
public sealed class PrometheusMetrics(MetricHttp http, AwsAccount aws, TimeProvider time) : ImmediateMetrics(time)
{
    private const string AddressVariable = "ARGO_ROLLOUTS_PROMETHEUS_ADDRESS";
    private const long DefaultTimeoutSeconds = 30;
    private const string ManagedHost = "aps-workspaces";
    private const string ManagedService = "aps";
    private const string FormType = "application/x-www-form-urlencoded";

    public override string Name => "prometheus";

    public override IReadOnlyDictionary<string, string>? Describe(Metric metric) =>
        metric.Provider?.Prometheus?.Query is { Length: > 0 } query ? new Dictionary<string, string> { ["ResolvedPrometheusQuery"] = query } : null;

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.Prometheus!;
        var timeout = settings.Timeout ?? DefaultTimeoutSeconds;
        if (timeout < 0)
        {
            throw new MetricException("prometheus timeout should not be negative");
        }

        var call = new MetricCall
        {
            Address = AddressOf(settings),
            Headers = [.. (settings.Headers ?? []).Select(h => (h.Key ?? "", h.Value ?? ""))],
            Timeout = TimeSpan.FromSeconds(Math.Min(timeout, 86_400)),
            Insecure = settings.Insecure == true,
        };
        var form = Parameters(settings, out var endpoint);
        return PrometheusAnswer.Read(await AskAsync(await SignedInAsync(call, settings.Authentication, cancel), endpoint, form, SignerFor(settings), cancel));
    }

    private static Uri AddressOf(PrometheusMetric settings)
    {
        var address = string.IsNullOrEmpty(settings.Address) ? Environment.GetEnvironmentVariable(AddressVariable) : settings.Address;
        return string.IsNullOrEmpty(address)
            ? throw new MetricException($"prometheus address is not configured: set it in the metric, or for all in {AddressVariable}")
            : MetricCall.AddressOf("prometheus address", address);
    }

    private List<KeyValuePair<string, string>> Parameters(PrometheusMetric settings, out string endpoint)
    {
        endpoint = settings.RangeQuery is null ? "query" : "query_range";
        List<KeyValuePair<string, string>> form = [new("query", settings.Query ?? "")];
        if (settings.RangeQuery is not { } range)
        {
            form.Add(new("time", Seconds(Time.GetUtcNow())));
            return form;
        }

        form.Add(new("start", Seconds(Instant("start", range.Start))));
        form.Add(new("end", Seconds(Instant("end", range.End))));
        form.Add(new("step", GoDuration.TryParse(range.Step, out var step)
            ? GoFormat.Shortest(step.TotalSeconds)
            : throw new MetricException($"failed to parse rangeQuery.step as duration: \"{range.Step}\"")));
        return form;
    }

    private DateTimeOffset Instant(string field, string? expression)
    {
        try
        {
            return Expression.Free(expression ?? "").Evaluate(null, Time.GetUtcNow()) is DateTimeOffset instant
                ? instant
                : throw new MetricException($"failed to parse rangeQuery.{field} as time: \"{expression}\" is none");
        }
        catch (ExpressionException e)
        {
            throw new MetricException($"failed to parse rangeQuery.{field} as time: {e.Message}");
        }
    }

    private async Task<MetricCall> SignedInAsync(MetricCall call, HttpAuthentication? authentication, CancellationToken cancel)
    {
        List<(string Name, string Value)> headers = [];
        if (await HttpSignIn.OAuthAsync(http, authentication?.Oauth2, call, cancel) is { } token)
        {
            headers.Add(token);
        }
        else if (HttpSignIn.Basic(authentication?.BasicAuth) is { } basic)
        {
            headers.Add(basic);
        }

        return call with { Headers = [.. headers, .. call.Headers] }; // headers of the metric win
    }

    private Func<MetricCall, Task<MetricCall>> SignerFor(PrometheusMetric settings)
    {
        var sigv4 = settings.Authentication?.Sigv4;
        var isSigned = AddressOf(settings).OriginalString.Contains(ManagedHost, StringComparison.Ordinal)
            && !(string.IsNullOrEmpty(sigv4?.Region) && string.IsNullOrEmpty(sigv4?.Profile) && string.IsNullOrEmpty(sigv4?.RoleArn));
        return isSigned
            ? async call => AwsSignature.Sign(call, await aws.KeysAsync(sigv4!.Profile, sigv4.RoleArn), aws.Region(sigv4.Region), ManagedService, Time.GetUtcNow())
            : Task.FromResult;
    }

    private async Task<MetricAnswer> AskAsync(
        MetricCall call, string endpoint, List<KeyValuePair<string, string>> form, Func<MetricCall, Task<MetricCall>> sign, CancellationToken cancel)
    {
        var address = new UriBuilder(call.Address);
        address.Path = $"{address.Path.TrimEnd('/')}/api/v1/{endpoint}";
        var body = HttpSignIn.Form(form);
        var answer = await http.SendAsync(
            await sign(call with { Address = address.Uri, Method = HttpMethod.Post, Body = body, ContentType = FormType }), cancel);
        if (answer.Status is not (403 or 405 or 501))
        {
            return answer;
        }

        address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{body}" : body; // a proxy that lets only reads pass
        return await http.SendAsync(await sign(call with { Address = address.Uri }), cancel);
    }

    private static string Seconds(DateTimeOffset instant) =>
        (instant.ToUnixTimeMilliseconds() / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
