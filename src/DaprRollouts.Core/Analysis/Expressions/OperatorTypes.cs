using static DaprRollouts.Core.Analysis.Expressions.ValueKind;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Which types an operator takes, and what comes of them.</summary>
internal static class OperatorTypes
{
    /// <exception cref="ExpressionException">The operator does not take these types.</exception>
    public static StaticType Check(BinaryNode node, StaticType left, StaticType right) =>
        Result(node, left, right)
        ?? throw new ExpressionException($"invalid operation: {node.Operator} (mismatched types {left} and {right})", node.Position);

    /// <summary>Whether two values can be compared for equality at all.</summary>
    public static bool AreComparable(StaticType left, StaticType right) =>
        left.IsUnknown || right.IsUnknown || left.Is(Nil) || right.Is(Nil) || (left.IsNumber && right.IsNumber) || left.Kind == right.Kind;

    private static StaticType? Result(BinaryNode node, StaticType left, StaticType right)
    {
        switch (node.Operator)
        {
            case "==" or "!=":
                return AreComparable(left, right) ? StaticType.Bool : null;
            case "and" or "&&" or "or" or "||":
                return Either(left, right, Bool) ? StaticType.Bool : null;
            case "<" or "<=" or ">" or ">=":
                return Numbers(left, right) || Same(left, right, Text, Time, Duration) || OneUnknown(left, right, Whole, Real, Text, Time, Duration)
                    ? StaticType.Bool
                    : null;
            case "in":
                return In(node, left, right);
            case "matches":
                return Matches(node, left, right);
            case "contains" or "startsWith" or "endsWith":
                return Either(left, right, Text) ? StaticType.Bool : null;
            case "..":
                return Either(left, right, Whole) ? StaticType.ListOf(StaticType.Whole) : null;
            case "??":
                return left.Is(Nil) ? right : right.Is(Nil) || left == right ? left : StaticType.Unknown;
            default:
                return Arithmetic(node.Operator, left, right);
        }
    }

    private static StaticType? Arithmetic(string op, StaticType left, StaticType right) => op switch
    {
        "**" or "^" => Numbers(left, right) || OneUnknown(left, right, Whole, Real) ? StaticType.Real : null,
        "/" => Numbers(left, right) || OneUnknown(left, right, Whole, Real) ? StaticType.Real : null,
        "%" => Either(left, right, Whole) ? StaticType.Whole : null,
        "*" => Numbers(left, right) ? Wider(left, right)
            : (left.IsNumber && right.Is(Duration)) || (left.Is(Duration) && right.IsNumber) ? StaticType.Duration
            : OneUnknown(left, right, Whole, Real, Duration) ? StaticType.Unknown
            : null,
        "-" => Numbers(left, right) ? Wider(left, right)
            : Same(left, right, Time, Duration) ? StaticType.Duration
            : left.Is(Time) && right.Is(Duration) ? StaticType.Time
            : OneUnknown(left, right, Whole, Real, Time, Duration) ? StaticType.Unknown
            : null,
        "+" => Numbers(left, right) ? Wider(left, right)
            : Same(left, right, Text, Duration) ? left
            : (left.Is(Time) && right.Is(Duration)) || (left.Is(Duration) && right.Is(Time)) ? StaticType.Time
            : OneUnknown(left, right, Whole, Real, Text, Time, Duration) ? StaticType.Unknown
            : null,
        _ => null,
    };

    private static StaticType? In(BinaryNode node, StaticType left, StaticType right)
    {
        switch (right.Kind)
        {
            case Map:
                return left.MayBe(Text) ? StaticType.Bool : throw new ExpressionException($"cannot use {left} as type string in map key", node.Position);
            case ValueKind.List:
                return AreComparable(left, right.Element!)
                    ? StaticType.Bool
                    : throw new ExpressionException($"cannot use {left} as type {right.Element} in array", node.Position);
            case Structure:
                return left.MayBe(Text) ? StaticType.Bool : null;
            case Unknown:
                return StaticType.Bool;
            default:
                return null;
        }
    }

    private static StaticType? Matches(BinaryNode node, StaticType left, StaticType right)
    {
        if (node.Right is ConstantNode { Value: string pattern } && !Re2.TryCompile(pattern, out _, out var error))
        {
            throw new ExpressionException(error, node.Right.Position);
        }

        return Either(left, right, Text) ? StaticType.Bool : null;
    }

    private static bool Numbers(StaticType left, StaticType right) => left.IsNumber && right.IsNumber;

    private static StaticType Wider(StaticType left, StaticType right) => left.Is(Whole) && right.Is(Whole) ? StaticType.Whole : StaticType.Real;

    private static bool Same(StaticType left, StaticType right, params ReadOnlySpan<ValueKind> kinds) => left.Kind == right.Kind && kinds.Contains(left.Kind);

    private static bool Either(StaticType left, StaticType right, ValueKind kind) => left.MayBe(kind) && right.MayBe(kind);

    private static bool OneUnknown(StaticType left, StaticType right, params ReadOnlySpan<ValueKind> kinds) =>
        (left.IsUnknown && right.MayBe(kinds)) || (right.IsUnknown && left.MayBe(kinds));
}
