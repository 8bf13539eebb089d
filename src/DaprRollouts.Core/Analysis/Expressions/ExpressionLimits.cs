namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Bounds that no expression can leave, whatever it says.</summary>
internal static class ExpressionLimits
{
    /// <summary>Characters of an expression.</summary>
    public const int Length = 10_000;

    /// <summary>Nesting, of brackets as well as of long chains of operators.</summary>
    public const int Height = 200;

    /// <summary>Steps of one evaluation.</summary>
    public const int Steps = 1_000_000;

    /// <summary>Elements of lists and characters of texts that one evaluation may make.</summary>
    public const int Memory = 1_000_000;
}
