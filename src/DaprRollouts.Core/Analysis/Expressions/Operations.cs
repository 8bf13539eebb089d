namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>What operators do to values.</summary>
internal static class Operations
{
    public static object? Apply(Evaluator evaluator, BinaryNode node, object? left, object? right)
    {
        switch (node.Operator)
        {
            case "==":
                return Values.AreEqual(left, right, n => evaluator.Charge(n, node));
            case "!=":
                return !Values.AreEqual(left, right, n => evaluator.Charge(n, node));
            case "<" or "<=" or ">" or ">=":
                return Compare(node, left, right);
            case "in":
                return IsIn(evaluator, node, left, right);
            case "matches" or "contains" or "startsWith" or "endsWith" when left is null || right is null:
                return false;
            case "matches":
                return Matches(node, Text(node, left), Text(node, right));
            case "contains":
                return Text(node, left).Contains(Text(node, right), StringComparison.Ordinal);
            case "startsWith":
                return Text(node, left).StartsWith(Text(node, right), StringComparison.Ordinal);
            case "endsWith":
                return Text(node, left).EndsWith(Text(node, right), StringComparison.Ordinal);
            case "..":
                return Range(evaluator, node, Values.Integer(left, node.Position), Values.Integer(right, node.Position));
            default:
                return Arithmetic.Apply(evaluator, node, left, right);
        }
    }

    /// <summary>The order of two values; null if there is none, as with NaN.</summary>
    public static int? Order(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (TimeSpan a, TimeSpan b) => a.CompareTo(b),
        _ when Values.AsNumber(left) is { } a && Values.AsNumber(right) is { } b => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b),
        _ => throw new InvalidOperationException(),
    };

    public static ExpressionException Mismatch(BinaryNode node, object? left, object? right) =>
        new($"invalid operation: {Values.TypeName(left)} {node.Operator} {Values.TypeName(right)}", node.Position);

    private static bool Compare(BinaryNode node, object? left, object? right)
    {
        try
        {
            return Order(left, right) is { } order && node.Operator switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
        }
        catch (InvalidOperationException)
        {
            throw Mismatch(node, left, right);
        }
    }

    private static bool IsIn(Evaluator evaluator, BinaryNode node, object? left, object? right) => right switch
    {
        null => false,
        IReadOnlyDictionary<string, object?> map => map.ContainsKey(left as string ?? (left is null ? "" : throw Mismatch(node, left, right))), // no key is the empty one
        IReadOnlyList<object?> list => list.Any(item => Values.AreEqual(item, left, n => evaluator.Charge(n, node))),
        _ => throw new ExpressionException($"operator \"in\" not defined on {Values.TypeName(right)}", node.Position),
    };

    private static bool Matches(BinaryNode node, string text, string pattern) =>
        Re2.TryCompile(pattern, out var regex, out var error) ? regex.IsMatch(text) : throw new ExpressionException(error, node.Right.Position);

    private static object?[] Range(Evaluator evaluator, BinaryNode node, long from, long to)
    {
        if (to < from)
        {
            return [];
        }

        var size = (decimal)to - from + 1;
        evaluator.Allocate((long)Math.Min(size, long.MaxValue / 2), node);
        return [.. Enumerable.Range(0, (int)size).Select(i => (object?)(from + i))];
    }

    private static string Text(BinaryNode node, object? value) =>
        value as string ?? throw new ExpressionException($"invalid operation: {node.Operator} needs strings, not {Values.TypeName(value)}", node.Position);
}
