namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Kinds of tokens.</summary>
internal enum TokenKind
{
    Identifier,
    Number,
    Text,
    Operator,
    Bracket,
    End,
}

/// <summary>A token: for a text its content, else what stands in the source.</summary>
internal readonly record struct Token(TokenKind Kind, string Value, int Position)
{
    public bool Is(TokenKind kind, string value) => Kind == kind && Value == value;

    public override string ToString() => Kind == TokenKind.End ? "the end" : $"{Kind.ToString().ToLowerInvariant()} \"{Value}\"";
}
