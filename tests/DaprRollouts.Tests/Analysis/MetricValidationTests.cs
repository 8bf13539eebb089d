using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Metrics that cannot be judged are refused before anything is measured.</summary>
public class MetricValidationTests
{
    public static TheoryData<string, Metric, string?> Metrics => new()
    {
        { "plain", Metric(), null },
        { "limits equal to the count", Metric() with { Count = 2, FailureLimit = 2, Interval = "1s" }, null },
        { "negative successes", Metric() with { ConsecutiveSuccessLimit = -1 }, "consecutiveSuccessLimit must be >= 0" },
        { "failures below -1", Metric() with { FailureLimit = -2 }, "failureLimit must be >= 0, or -1 to be disabled" },
        { "nothing to end it", Metric() with { FailureLimit = -1 }, "failureLimit and consecutiveSuccessLimit cannot both be disabled" },
        { "negative inconclusive", Metric() with { InconclusiveLimit = -1 }, "inconclusiveLimit must be >= 0" },
        { "negative errors", Metric() with { ConsecutiveErrorLimit = -1 }, "consecutiveErrorLimit must be >= 0" },
        { "more failures than measurements", Metric() with { Count = 1, FailureLimit = 2 }, "count (1) must be >= failureLimit + consecutiveSuccessLimit (2 + 0) if both >= 0" },
        { "more successes than measurements", Metric() with { Count = 2, FailureLimit = -1, ConsecutiveSuccessLimit = 3 }, "count must be >= consecutiveSuccessLimit" },
        { "more inconclusive than measurements", Metric() with { Count = 1, InconclusiveLimit = 2 }, "count must be >= inconclusiveLimit" },
        { "several without interval", Metric() with { Count = 2 }, "interval must be specified when count > 1" },
        { "interval without unit", Metric() with { Interval = "60" }, "invalid interval string: \"60\" needs a number and a unit" },
        { "delay in days", Metric() with { InitialDelay = "1d" }, "invalid startDelay string: \"1d\" needs a number and a unit" },
        { "no provider", Metric() with { Provider = new MetricProvider() }, "no provider specified" },
        { "two providers", Metric() with { Provider = Metric().Provider! with { Graphite = new GraphiteMetric() } }, "multiple providers specified: web, graphite" },
        { "count in words", Metric() with { Count = "three" }, "count \"three\" is not a whole number" },
        { "limit with a blank", Metric() with { FailureLimit = " 3" }, "failureLimit \" 3\" is not a whole number" },
        { "no limit applies without count", Metric() with { FailureLimit = 7, Interval = "1s" }, null },
    };

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_metric_is_taken_or_refused(string what, Metric metric, string? problem)
    {
        var error = MetricValidation.FirstError([metric]);

        Assert.True(problem is null ? error is null : error?.StartsWith("metrics[0]: " + problem, StringComparison.Ordinal) == true, $"{what}: {error}");
    }

    [Fact]
    public void A_run_needs_metrics_with_different_names()
    {
        Assert.Equal("no metrics specified", MetricValidation.FirstError([]));
        Assert.Equal("metrics[1]: duplicate name 'a'", MetricValidation.FirstError([Metric("a"), Metric("a")]));
    }

    [Theory]
    [InlineData(null, null, 1)]
    [InlineData("0", null, 1)]
    [InlineData(null, "10s", null)]
    [InlineData("0", "10s", null)]
    [InlineData("3", "10s", 3)]
    public void The_count_that_counts_follows_from_count_and_interval(string? count, string? interval, int? effective) =>
        Assert.Equal(effective, MetricLimits.Of(Metric() with { Count = count is null ? (IntOrString?)null : count, Interval = interval }).Count);
}
