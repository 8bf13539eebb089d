using System.Text.Json;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Analysis.Paths;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Any web server: the result is a part of its JSON, or its text.</summary>
public sealed class WebMetrics(MetricHttp http, TimeProvider time) : ImmediateMetrics(time)
{
    private const string WholeDocument = "{$}";
    private const int DefaultTimeoutSeconds = 10;

    public override string Name => "web";

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var web = request.Metric.Provider!.Web!;
        var path = Path(web);
        var call = CallFor(web);
        if (await HttpSignIn.OAuthAsync(http, web.Authentication?.Oauth2, call with { Headers = [] }, cancel) is { } token)
        {
            call = call with { Headers = [.. call.Headers, token] };
        }

        var answer = await http.SendAsync(call, cancel);
        if (!answer.IsSuccess)
        {
            throw new MetricException($"received non 2xx response code: {answer.Status}");
        }

        return Value(answer.Body, path);
    }

    private static MetricCall CallFor(WebMetric web)
    {
        var method = string.IsNullOrEmpty(web.Method) ? HttpMethod.Get
            : MetricCall.IsToken(web.Method) ? new HttpMethod(web.Method)
            : throw new MetricException($"method \"{web.Method}\" is none: there are GET, POST and PUT");
        if (!string.IsNullOrEmpty(web.Body) && web.JsonBody is not null)
        {
            throw new MetricException("use either Body or JSONBody; both cannot exists for WebMetric payload");
        }

        var body = web.JsonBody?.ToJsonString(ModelJson.Options) ?? (string.IsNullOrEmpty(web.Body) ? null : web.Body);
        if (body is not null && method == HttpMethod.Get)
        {
            throw new MetricException("Body/JSONBody can only be used with POST or PUT WebMetric Method types");
        }

        return new MetricCall
        {
            Address = MetricCall.AddressOf("url", web.Url),
            Method = method,
            Headers = [.. (web.Headers ?? []).Select(h => (h.Key ?? "", h.Value ?? ""))],
            Body = body,
            ContentType = web.JsonBody is not null ? "application/json" : null,
            Timeout = TimeSpan.FromSeconds(web.TimeoutSeconds is > 0 and var seconds ? Math.Min(seconds, 86_400) : DefaultTimeoutSeconds),
            Insecure = web.Insecure == true,
        };
    }

    private static JsonPath Path(WebMetric web)
    {
        try
        {
            return JsonPath.Parse(string.IsNullOrEmpty(web.JsonPath) ? WholeDocument : web.JsonPath);
        }
        catch (JsonPathException e)
        {
            throw new MetricException($"jsonPath \"{web.JsonPath}\": {e.Message}");
        }
    }

    private static MetricValue Value(string body, JsonPath path)
    {
        object? json;
        try
        {
            json = JsonValues.Parse(body);
        }
        catch (JsonException)
        {
            return new MetricValue(body, body); // then the text itself is the result
        }

        try
        {
            var result = path.First(json);
            return new MetricValue(result, GoFormat.Json(result));
        }
        catch (JsonPathException e)
        {
            throw new MetricException($"Could not find JSONPath in body: {e.Message}");
        }
    }
}
