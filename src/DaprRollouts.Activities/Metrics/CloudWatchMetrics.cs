using System.Globalization;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Amazon CloudWatch, by one GetMetricData call.</summary>
public sealed class CloudWatchMetrics(MetricHttp http, AwsAccount account, TimeProvider time) : ImmediateMetrics(time)
{
    private const string Service = "monitoring";
    private const string EndpointVariable = "AWS_ENDPOINT_URL_CLOUDWATCH";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public override string Name => "cloudWatch";

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.CloudWatch!;
        var interval = string.IsNullOrEmpty(settings.Interval) ? TimeSpan.FromMinutes(5)
            : GoDuration.TryParse(settings.Interval, out var given) ? given
            : throw new MetricException($"cloudWatch: interval \"{settings.Interval}\" is not a duration");
        var region = account.Region();
        var now = Time.GetUtcNow();
        var call = new MetricCall
        {
            Address = account.Endpoint(EndpointVariable, Service, region),
            Method = HttpMethod.Post,
            Body = HttpSignIn.Form(Parameters(settings, now - interval, now)),
            ContentType = "application/x-www-form-urlencoded; charset=utf-8",
            Timeout = Timeout,
        };
        var answer = await http.SendAsync(AwsSignature.Sign(call, await account.KeysAsync(null, null), region, Service, now), cancel);
        return CloudWatchAnswer.Read(answer);
    }

    private static List<KeyValuePair<string, string>> Parameters(CloudWatchMetric settings, DateTimeOffset from, DateTimeOffset to)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("Action", "GetMetricData"), new("Version", "2010-08-01"), new("StartTime", ModelJson.Time(from)), new("EndTime", ModelJson.Time(to)),
        ];
        foreach (var (query, index) in (settings.MetricDataQueries ?? []).Select((q, i) => (q, i + 1)))
        {
            var prefix = $"MetricDataQueries.member.{index}";
            Add($"{prefix}.Id", query.Id);
            Add($"{prefix}.Expression", query.Expression);
            Add($"{prefix}.Label", query.Label);
            Add($"{prefix}.Period", Seconds(query.Period));
            Add($"{prefix}.ReturnData", query.ReturnData is { } returns ? returns ? "true" : "false" : null);
            Add($"{prefix}.MetricStat.Period", Seconds(query.MetricStat?.Period));
            Add($"{prefix}.MetricStat.Stat", query.MetricStat?.Stat);
            Add($"{prefix}.MetricStat.Unit", query.MetricStat?.Unit);
            Add($"{prefix}.MetricStat.Metric.Namespace", query.MetricStat?.Metric?.Namespace);
            Add($"{prefix}.MetricStat.Metric.MetricName", query.MetricStat?.Metric?.MetricName);
            foreach (var (dimension, number) in (query.MetricStat?.Metric?.Dimensions ?? []).Select((d, i) => (d, i + 1)))
            {
                Add($"{prefix}.MetricStat.Metric.Dimensions.member.{number}.Name", dimension.Name);
                Add($"{prefix}.MetricStat.Metric.Dimensions.member.{number}.Value", dimension.Value);
            }
        }

        return form;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                form.Add(new(name, value));
            }
        }
    }

    private static string? Seconds(IntOrString? period) =>
        period is not { } given ? null
        : int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? $"{seconds}"
        : throw new MetricException($"cloudWatch: period \"{given}\" is not a number of seconds");
}
