using System.Collections;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>A list whose elements are known to be of one type, so that expressions over it can be checked more closely.</summary>
public sealed class TypedList(StaticType element, IReadOnlyList<object?> items) : IReadOnlyList<object?>
{
    public StaticType Element { get; } = element;

    public int Count => items.Count;

    public object? this[int index] => items[index];

    /// <summary>A list of numbers, as most metric servers answer.</summary>
    public static TypedList OfNumbers(IEnumerable<double> numbers) => new(StaticType.Real, [.. numbers.Select(n => (object?)n)]);

    public IEnumerator<object?> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
