namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>How strongly operators bind.</summary>
internal static class Operators
{
    public const int Lowest = 0;

    private static readonly Dictionary<string, int> Unary = new() { ["not"] = 50, ["!"] = 50, ["-"] = 90, ["+"] = 90 };

    private static readonly Dictionary<string, int> Binary = new()
    {
        ["|"] = 0,
        ["or"] = 10, ["||"] = 10,
        ["and"] = 15, ["&&"] = 15,
        ["=="] = 20, ["!="] = 20, ["<"] = 20, ["<="] = 20, [">"] = 20, [">="] = 20,
        ["in"] = 20, ["matches"] = 20, ["contains"] = 20, ["startsWith"] = 20, ["endsWith"] = 20,
        [".."] = 25,
        ["+"] = 30, ["-"] = 30,
        ["*"] = 60, ["/"] = 60, ["%"] = 60,
        ["**"] = 100, ["^"] = 100,
        ["??"] = 500,
    };

    public static int? OfUnary(Token token) =>
        token.Kind == TokenKind.Operator && Unary.TryGetValue(token.Value, out var precedence) ? precedence : null;

    public static int? OfBinary(Token token) =>
        token.Kind == TokenKind.Operator && Binary.TryGetValue(token.Value, out var precedence) ? precedence : null;

    public static bool IsRightAssociative(string op) => op is "**" or "^";

    /// <summary>Whether it may be chained, as in <c>1 &lt; x &lt; 10</c>.</summary>
    public static bool IsComparison(Token token) => token.Kind == TokenKind.Operator && token.Value is "<" or "<=" or ">" or ">=";

    /// <summary>Whether <c>not</c> may stand before it.</summary>
    public static bool MayBeNegated(Token token) =>
        token.Kind == TokenKind.Operator && token.Value is "in" or "matches" or "contains" or "startsWith" or "endsWith";
}
