namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>One call of a function: its arguments, evaluated on demand.</summary>
internal sealed class Invocation
{
    private readonly object?[] _values;

    public Invocation(Evaluator evaluator, CallNode node)
    {
        Evaluator = evaluator;
        Node = node;
        _values = [.. node.Arguments.Select(a => a is PredicateNode ? null : evaluator.Evaluate(a))];
        evaluator.Charge(_values.Sum(Values.Weight), node);
    }

    public Evaluator Evaluator { get; }

    public CallNode Node { get; }

    public int Count => _values.Length;

    public object? this[int index] => _values[index];

    public IReadOnlyList<object?> All => _values;

    public IReadOnlyList<object?> List(int index) => this[index] as IReadOnlyList<object?> ?? throw Wrong(index);

    public string Text(int index) => this[index] as string ?? throw Wrong(index);

    public string Text(int index, string otherwise) => index < Count ? Text(index) : otherwise;

    public long Integer(int index) => this[index] is long number ? number : throw Wrong(index);

    public double Number(int index) => Values.AsNumber(this[index]) ?? throw Wrong(index);

    /// <summary>The value of the predicate for an element.</summary>
    public object? Apply(object? element, int index, object? accumulated = null) =>
        Evaluator.Evaluate(((PredicateNode)Node.Arguments[1]).Body, element, index, accumulated);

    /// <summary>Whether the predicate holds for an element.</summary>
    public bool Holds(object? element, int index) => Apply(element, index) switch
    {
        bool holds => holds,
        var other => throw Error($"predicate should return boolean (got {Values.TypeName(other)})"),
    };

    /// <summary>The same list, after it was counted as newly made.</summary>
    public object?[] New(IEnumerable<object?> items)
    {
        List<object?> made = [];
        foreach (var item in items)
        {
            Evaluator.Allocate(1, Node);
            made.Add(item);
        }

        return [.. made];
    }

    /// <summary>The same text, after it was counted as newly made.</summary>
    public string New(string text)
    {
        Evaluator.Allocate(text.Length, Node);
        return text;
    }

    public bool AreEqual(object? left, object? right) => Values.AreEqual(left, right, n => Evaluator.Charge(n, Node));

    public ExpressionException Error(string problem) => new(problem, Node.Position);

    public ExpressionException Wrong(int index) => Error($"invalid argument for {Node.Name} (type {Values.TypeName(this[index])})");
}
