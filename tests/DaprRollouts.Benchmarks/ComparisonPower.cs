using DaprRollouts.Core.Analysis.Comparison;

namespace DaprRollouts.Benchmarks;

/// <summary>
/// How often comparisons find a canary worse, and how soon, on streams of pairs that all tests see alike: the sequential test at every pair, the rank test once at the end,
/// and the rank test at every pair, as it must not be used.
/// </summary>
internal static class ComparisonPower
{
    private const double Rate = 0.05;
    private const int FirstPeek = 5;

    // Beyond this many pairs a rank test at every pair takes long, and shows nothing new.
    private const int MostPeeked = 50;

    // By how many standard deviations a sample is shifted is the last argument.
    private static readonly (string Name, Func<Random, int, double, double> Draw)[] Kinds =
    [
        ("normal", (random, _, shift) => Normal(random) + shift),
        ("log-normal", (random, _, shift) => Math.Exp(Normal(random)) / 2.161 + shift),
        ("drifting", (random, pair, shift) => 3 * Math.Sin(pair / 5d) + Normal(random) + shift),
        ("errors of 100", (random, _, shift) => Enumerable.Range(0, 100).Count(_ => random.NextDouble() < 0.05 + shift * 0.0218)),
    ];

    public static void Measure(int simulations, int pairs)
    {
        Console.WriteLine($"{simulations} simulations of {pairs} pairs each, false-alarm rate {Rate}");
        Console.WriteLine("| samples | worse by | sequential | pairs until found, median | rank test, once | rank test, at every pair |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var (name, draw) in Kinds)
        {
            foreach (var shift in (double[])[0, 0.3, 0.5, 1])
            {
                // With no difference the rates are small, so that they need many simulations to be told apart.
                Report(name, shift, Simulate(draw, shift, shift == 0 ? simulations : simulations / 10, pairs));
            }
        }
    }

    private static void Report(string name, double shift, Outcome[] outcomes)
    {
        var found = outcomes.Where(o => o.FoundAfter > 0).Select(o => o.FoundAfter).Order().ToList();
        double Share(Func<Outcome, bool> holds) => outcomes.Count(holds) / (double)outcomes.Length;
        Console.WriteLine(
            $"| {name} | {(shift == 0 ? "nothing" : $"{shift} sd")} | {Share(o => o.FoundAfter > 0):P1} | {(found.Count > 0 && shift > 0 ? $"{found[found.Count / 2]}" : "-")} | {Share(o => o.RanksAtEnd):P1} | {Share(o => o.RanksEver):P1} |");
    }

    private static Outcome[] Simulate(Func<Random, int, double, double> draw, double shift, int simulations, int pairs)
    {
        var outcomes = new Outcome[simulations];
        Parallel.For(0, simulations, i =>
        {
            var random = new Random(i);
            outcomes[i] = Follow(random, draw, shift, pairs);
        });
        return outcomes;
    }

    private static Outcome Follow(Random random, Func<Random, int, double, double> draw, double shift, int pairs)
    {
        List<double> canary = [], baseline = [];
        var test = SequentialTest.Start;
        var outcome = new Outcome(0, false, false);
        for (var pair = 1; pair <= pairs; pair++)
        {
            canary.Add(draw(random, pair, shift));
            baseline.Add(draw(random, pair, 0));
            test = test.With(canary[^1] - baseline[^1]);
            if (outcome.FoundAfter == 0 && test.Strongest >= 1 / Rate)
            {
                outcome = outcome with { FoundAfter = pair };
            }

            if (!outcome.RanksEver && pair is >= FirstPeek and <= MostPeeked && MannWhitney.Probability(canary, baseline) <= Rate)
            {
                outcome = outcome with { RanksEver = true };
            }
        }

        return outcome with { RanksAtEnd = MannWhitney.Probability(canary, baseline) <= Rate };
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>What the tests said of one stream; found after no pairs means not at all.</summary>
    private sealed record Outcome(int FoundAfter, bool RanksAtEnd, bool RanksEver);
}
