using System.Globalization;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Apache SkyWalking, by GraphQL.</summary>
public sealed class SkywalkingMetrics(MetricHttp http, TimeProvider time) : ImmediateMetrics(time)
{
    private const string MinuteFormat = "yyyy-MM-dd HHmm";

    public override string Name => "skywalking";

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.Skywalking!;
        if (!GoDuration.TryParse(settings.Interval, out var interval))
        {
            throw new MetricException($"skywalking: interval \"{settings.Interval}\" is not a duration");
        }

        var address = MetricCall.AddressOf("skywalking address", settings.Address);
        var now = TimeZoneInfo.ConvertTime(Time.GetUtcNow(), Time.LocalTimeZone); // the server reads times in the zone it shares with us
        var body = new JsonObject
        {
            ["query"] = settings.Query,
            ["variables"] = new JsonObject
            {
                ["duration"] = new JsonObject { ["start"] = Minute(now - interval), ["end"] = Minute(now), ["step"] = "MINUTE" },
            },
        };
        var answer = await http.SendAsync(
            new MetricCall
            {
                Address = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/graphql" }.Uri,
                Method = HttpMethod.Post,
                Body = body.ToJsonString(ModelJson.Options),
                ContentType = "application/json",
            },
            cancel);
        if (!answer.IsSuccess)
        {
            throw new MetricException($"skywalking: received response code {answer.Status}: {answer.Excerpt}");
        }

        return AnswerJson.Read(answer, "skywalking", root =>
        {
            if (root.Member("errors").Items() is { Count: > 0 } errors)
            {
                throw new MetricException($"skywalking: {errors[0].Member("message")?.ToString() ?? errors[0].ToString()}");
            }

            var data = root.Member("data") ?? throw new NoDataException("skywalking: no results returned from SkyWalking query");
            return new MetricValue(JsonValues.Of(data), GoFormat.Json(JsonValues.Of(data)));
        });
    }

    private static string Minute(DateTimeOffset instant) => instant.ToString(MinuteFormat, CultureInfo.InvariantCulture);
}
