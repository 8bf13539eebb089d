namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>A function that expressions may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Least">How many arguments it needs.</param>
/// <param name="Most">How many it takes.</param>
/// <param name="Invoke">What it does.</param>
internal sealed record Function(string Name, int Least, int Most, Func<Invocation, object?> Invoke)
{
    /// <summary>The kinds that each argument may have; the last holds for all that follow, none means any.</summary>
    public IReadOnlyList<ValueKind[]> Takes { get; init; } = [];

    /// <summary>The type of the outcome.</summary>
    public Func<IReadOnlyList<StaticType>, StaticType> Result { get; init; } = _ => StaticType.Unknown;

    /// <summary>Whether it looks at the result of the measurement, so that it exists in conditions only.</summary>
    public bool NeedsResult { get; init; }

    /// <summary>What is wrong with an argument's type, or null.</summary>
    public string? Accepts(int index, StaticType type)
    {
        if (Takes.Count == 0)
        {
            return null;
        }

        var kinds = Takes[Math.Min(index, Takes.Count - 1)];
        return kinds.Length == 0 || type.MayBe(kinds) ? null : $"invalid argument for {Name} (type {type})";
    }
}
