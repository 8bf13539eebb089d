namespace DaprRollouts.Core.Analysis.Comparison;

/// <summary>
/// A mixture of sequential probability ratio tests on paired differences, which may be looked at after every pair. If canary and baseline are alike, a difference
/// is as often positive as negative, however large it is. So, given its size z, the ratio 2 / (1 + exp(-2 e z)) has the mean 1 for every effect e, and the
/// products of these ratios are a martingale: by Ville's inequality they ever reach 1/a with a probability of at most a. That holds for samples of any
/// distribution, also of one that changes while it is measured, as long as both sides of a pair share it. Sizes are in units of the differences seen so far,
/// so that nobody has to know a scale or a variance.
/// </summary>
public sealed record SequentialTest
{
    // From subtle to blatant; of several, the mixture is nearly as strong as the one that fits best.
    private static readonly double[] Effects = [0.1, 0.25, 0.6, 1.5];

    public static SequentialTest Start { get; } = new();

    /// <summary>Pairs so far.</summary>
    public int Pairs { get; init; }

    /// <summary>Pairs whose sides differ.</summary>
    public int Unequal { get; init; }

    /// <summary>The sum of the squares of all differences.</summary>
    public double Squares { get; init; }

    /// <summary>The logarithm of the product of ratios, for each effect.</summary>
    public IReadOnlyList<double> Logarithms { get; init; } = new double[Effects.Length];

    /// <summary>The strongest evidence so far: once a limit is reached it stays reached.</summary>
    public double Strongest { get; init; } = 1;

    /// <summary>The evidence as it stands: how much likelier the pairs are if the canary is worse.</summary>
    public static double Evidence(IReadOnlyList<double> logarithms)
    {
        var sum = 0d;
        foreach (var logarithm in logarithms)
        {
            sum += Math.Exp(logarithm);
        }

        return sum / logarithms.Count;
    }

    /// <summary>The test after one more pair; a positive difference speaks against the canary.</summary>
    public SequentialTest With(double difference)
    {
        if (difference == 0 || !double.IsFinite(difference))
        {
            return this with { Pairs = Pairs + 1 };
        }

        var squares = Squares + difference * difference;
        var size = difference / Math.Sqrt(squares / (Unequal + 1));
        var logarithms = new double[Effects.Length];
        for (var i = 0; i < logarithms.Length; i++)
        {
            logarithms[i] = Logarithms[i] + Math.Log(2) - Softplus(-2 * Effects[i] * size);
        }

        return this with
        {
            Pairs = Pairs + 1,
            Unequal = Unequal + 1,
            Squares = squares,
            Logarithms = logarithms,
            Strongest = Math.Min(Math.Max(Strongest, Evidence(logarithms)), double.MaxValue),
        };
    }

    private static double Softplus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));
}
