using CsCheck;
using DaprRollouts.Core.Analysis.Comparison;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Analysis;

/// <summary>The sequential test keeps its false-alarm rate however often it is looked at, whatever the samples are like.</summary>
public class SequentialTestProperties
{
    private const int Simulations = 100_000;
    private const int Pairs = 50;
    private const double Rate = 0.05;

    [Theory]
    [InlineData("normal")]
    [InlineData("log-normal")]
    [InlineData("errors")]
    [InlineData("drifting")]
    public void Looking_after_every_pair_finds_an_equal_canary_worse_no_more_often_than_stated(string kind)
    {
        var alarms = 0;
        Parallel.For(0, Simulations / 1000, block =>
        {
            var random = new Random(block);
            var found = Enumerable.Range(0, 1000).Count(_ => IsFoundWorse(random, kind, shift: 0));
            Interlocked.Add(ref alarms, found);
        });

        Assert.True(alarms <= Rate * Simulations, $"{alarms} false alarms in {Simulations}");
        Assert.True(alarms > Rate * Simulations / 10, $"only {alarms} false alarms in {Simulations}: the test must be blind");
    }

    [Theory]
    [InlineData("normal", 1)]
    [InlineData("log-normal", 2)]
    public void A_canary_that_is_clearly_worse_is_found_and_a_better_one_is_not(string kind, double shift)
    {
        var random = new Random(7);

        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => IsFoundWorse(random, kind, shift)), 900, 1000);
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => IsFoundWorse(random, kind, -shift)), 0, 5);
    }

    [Fact]
    public void Only_the_order_of_sizes_and_not_their_unit_matters() =>
        Gen.Double[-10, 10].Array[1, 40].Select(Gen.Double[0.001, 1000]).Sample((differences, unit) =>
        {
            var plain = differences.Aggregate(SequentialTest.Start, (t, d) => t.With(d));
            var scaled = differences.Aggregate(SequentialTest.Start, (t, d) => t.With(d * unit));
            return Math.Abs(plain.Strongest - scaled.Strongest) <= 1e-6 * plain.Strongest;
        });

    [Fact]
    public void A_test_that_is_kept_and_read_again_goes_on_as_it_would_have() =>
        Gen.Double[-1e3, 1e3].Array[2, 30].Sample(differences =>
        {
            var whole = differences.Aggregate(SequentialTest.Start, (t, d) => t.With(d));
            var kept = differences.Aggregate(SequentialTest.Start, (t, d) => System.Text.Json.JsonSerializer.Deserialize<SequentialTest>(
                System.Text.Json.JsonSerializer.Serialize(t.With(d), ModelJson.Options), ModelJson.Options)!);
            return kept.Strongest == whole.Strongest && kept.Pairs == whole.Pairs && kept.Logarithms.SequenceEqual(whole.Logarithms);
        });

    [Fact]
    public void Samples_out_of_all_bounds_do_no_harm()
    {
        double[] odd = [double.MaxValue, -double.MaxValue, double.NaN, double.PositiveInfinity, 0, double.Epsilon];

        var test = odd.Concat(Enumerable.Repeat(1d, 2000)).Aggregate(SequentialTest.Start, (t, d) => t.With(d));

        Assert.True(double.IsFinite(test.Strongest) && test.Pairs == 2006);
    }

    private static bool IsFoundWorse(Random random, string kind, double shift)
    {
        var test = SequentialTest.Start;
        for (var pair = 0; pair < Pairs; pair++)
        {
            test = test.With(Sample(random, kind, pair) + shift - Sample(random, kind, pair));
            if (test.Strongest >= 1 / Rate)
            {
                return true;
            }
        }

        return false;
    }

    private static double Sample(Random random, string kind, int pair) => kind switch
    {
        "normal" => Normal(random),
        "log-normal" => Math.Exp(Normal(random)),
        "errors" => random.NextDouble() < 0.1 ? 1 : 0,
        _ => 10 + pair * 3 * Math.Sin(pair) + (1 + pair % 9) * Normal(random), // level and spread change all the time
    };

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
