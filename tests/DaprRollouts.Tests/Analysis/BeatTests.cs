using DaprRollouts.Core.Analysis.Judging;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>When the next measurement is due.</summary>
public class BeatTests
{
    private static readonly MetricPlan EverySecond = Plan(Metric() with { Interval = "1s", Count = 30 }).Metrics[0];

    [Fact]
    public void What_a_measurement_takes_does_not_push_the_next_one_back()
    {
        var due = Start.AddMilliseconds(300);
        for (var i = 1; i <= 30; i++)
        {
            due = Schedule.After(EverySecond, "Successful", due, due.AddMilliseconds(80));
        }

        Assert.Equal(Start.AddMilliseconds(30_300), due);
    }

    [Fact]
    public void A_slow_measurement_is_followed_by_the_whole_interval() =>
        Assert.Equal(Start.AddSeconds(4), Schedule.After(EverySecond, "Successful", Start, Start.AddSeconds(3)));

    [Theory]
    [InlineData("0")]
    [InlineData("10ms")]
    [InlineData("-5s")]
    public void Between_measurements_there_is_a_second_at_least(string interval)
    {
        var metric = Plan(Metric() with { Interval = interval }).Metrics[0];

        Assert.Equal(Start.AddSeconds(1), Schedule.After(metric, "Successful", Start, Start.AddMilliseconds(3)));
    }

    [Fact]
    public void An_error_is_tried_again_after_ten_seconds() =>
        Assert.Equal(Start.AddSeconds(10.5), Schedule.After(EverySecond, "Error", Start, Start.AddSeconds(0.5)));

    [Fact]
    public void A_beat_counts_for_the_measurement_it_was_kept_for_only()
    {
        var plan = Plan(Metric() with { Interval = "1s", Count = 30 });
        var status = Look(plan, new(), 0, ("m", Measured("Successful")));
        var beat = Beat.None.With("m", new NextBeat(1, Start.AddSeconds(1.4)));

        Assert.Empty(Schedule.Due(plan, status, beat, Start.AddSeconds(1.3)));
        Assert.Single(Schedule.Due(plan, status, beat, Start.AddSeconds(1.4)));
        Assert.Single(Schedule.Due(plan, status, Beat.None.With("m", new NextBeat(7, Start.AddSeconds(9))), Start.AddSeconds(1)));
    }
}
