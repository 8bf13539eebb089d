using DaprRollouts.Core.Model;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Tests.Core;

public sealed class PauseDurationTests
{
    [Theory]
    [InlineData("10", 10)]
    [InlineData("10s", 10)]
    [InlineData("5m", 300)]
    [InlineData("1h", 3600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1m30s", 90)]
    [InlineData("1ms", 0)]
    [InlineData("1500ms", 1)]
    [InlineData("1.5m", 90)]
    [InlineData("10z", -1)]
    [InlineData("1d", -1)]
    [InlineData("", -1)]
    [InlineData("20000000000", -1)]
    [InlineData("20000000000s", -1)]
    [InlineData("-5s", -5)]
    [InlineData("-1500ms", -1)]
    [InlineData("-1ms", -1)]
    [InlineData("-5", -5)]
    public void A_text_is_seconds_or_a_duration_cut_to_whole_seconds(string text, int seconds) =>
        Assert.Equal(seconds, PauseDuration.Seconds(new PauseStep { Duration = (IntOrString?)text }));

    [Fact]
    public void A_number_is_seconds_and_none_is_for_ever()
    {
        Assert.Equal(10, PauseDuration.Seconds(new PauseStep { Duration = (IntOrString?)10 }));
        Assert.Null(PauseDuration.Seconds(new PauseStep()));
    }
}
