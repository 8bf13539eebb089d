namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Builds the tree of an expression from its tokens, by the precedence of operators.</summary>
internal sealed class TreeBuilder
{
    private readonly TokenReader _tokens;
    private readonly OperandBuilder _operands;
    private int _depth;

    private TreeBuilder(TokenReader tokens)
    {
        _tokens = tokens;
        _operands = new OperandBuilder(tokens, this);
    }

    /// <exception cref="ExpressionException">It is not an expression.</exception>
    public static Node Build(string source)
    {
        if (source.Length > ExpressionLimits.Length)
        {
            throw new ExpressionException($"the expression has {source.Length} characters; {ExpressionLimits.Length} are the limit", 0);
        }

        var builder = new TreeBuilder(new TokenReader(Tokens.Of(source)));
        var node = builder.Sequence();
        return builder._tokens.Current.Kind == TokenKind.End ? node : throw builder._tokens.Unexpected();
    }

    /// <summary>Expressions one after the other; the last of them counts.</summary>
    public Node Sequence()
    {
        var position = _tokens.Current.Position;
        List<Node> nodes = [Expression()];
        while (_tokens.Accept(TokenKind.Operator, ";"))
        {
            if (_tokens.Current.Kind == TokenKind.End)
            {
                break;
            }

            nodes.Add(Expression());
        }

        return nodes.Count == 1 ? nodes[0] : new SequenceNode(nodes, position);
    }

    /// <summary>One expression.</summary>
    /// <param name="precedence">Operators that bind less are not part of it.</param>
    public Node Expression(int precedence = Operators.Lowest)
    {
        if (++_depth > ExpressionLimits.Height)
        {
            throw new ExpressionException($"the expression is nested more than {ExpressionLimits.Height} levels deep", _tokens.Current.Position);
        }

        var node = precedence == Operators.Lowest && _tokens.Current.Is(TokenKind.Operator, "let") ? Let()
            : precedence == Operators.Lowest && _tokens.Current.Is(TokenKind.Operator, "if") ? If()
            : Operations(precedence);
        _depth--;
        return node;
    }

    private Node Operations(int precedence)
    {
        var left = _operands.Read();
        var previous = "";
        while (_tokens.Current.Kind == TokenKind.Operator)
        {
            var token = _tokens.Current;
            var negated = token.Value == "not";
            if (negated)
            {
                token = _tokens.Following;
                if (!Operators.MayBeNegated(token))
                {
                    _tokens.Skip();
                    throw _tokens.Unexpected();
                }
            }

            if (Operators.OfBinary(token) is not { } binding || binding < precedence)
            {
                break;
            }

            _tokens.Skip(negated ? 2 : 1);
            left = Operation(left, token, binding, previous);
            left = negated ? new UnaryNode("not", left, token.Position) : left;
            previous = token.Value;
        }

        return precedence == Operators.Lowest ? Conditional(left) : left;
    }

    private Node Operation(Node left, Token token, int binding, string previous)
    {
        if (token.Value == "|")
        {
            var name = _tokens.Expect(TokenKind.Identifier);
            return _operands.Piped(name, left);
        }

        if (previous == "??" && token.Value != "??")
        {
            throw new ExpressionException($"operator {token.Value} and ?? cannot be mixed: put one of them in parentheses", token.Position);
        }

        if (Operators.IsComparison(token))
        {
            return Comparison(left, token, binding);
        }

        var right = Expression(Operators.IsRightAssociative(token.Value) ? binding : binding + 1);
        return new BinaryNode(token.Value, left, right, token.Position);
    }

    private Node Comparison(Node left, Token token, int binding)
    {
        Node? all = null;
        for (; ; )
        {
            var right = Expression(binding + 1);
            var one = new BinaryNode(token.Value, left, right, token.Position);
            all = all is null ? one : new BinaryNode("&&", all, one, token.Position);
            if (!Operators.IsComparison(_tokens.Current))
            {
                return all;
            }

            left = right;
            token = _tokens.Current;
            _tokens.Skip();
        }
    }

    private Node Conditional(Node node)
    {
        while (_tokens.Accept(TokenKind.Operator, "?"))
        {
            var position = node.Position;
            if (_tokens.Accept(TokenKind.Operator, ":"))
            {
                node = new ConditionalNode(node, node, Expression(), position);
                continue;
            }

            var then = Expression();
            _tokens.Expect(TokenKind.Operator, ":");
            node = new ConditionalNode(node, then, Expression(), position);
        }

        return node;
    }

    private LetNode Let()
    {
        var position = _tokens.Current.Position;
        _tokens.Skip();
        var name = _tokens.Expect(TokenKind.Identifier);
        _tokens.Expect(TokenKind.Operator, "=");
        var value = Expression();
        _tokens.Expect(TokenKind.Operator, ";");
        return new LetNode(name.Value, value, Sequence(), position);
    }

    private ConditionalNode If()
    {
        var position = _tokens.Current.Position;
        _tokens.Skip();
        var condition = Expression();
        _tokens.Expect(TokenKind.Bracket, "{");
        var then = Sequence();
        _tokens.Expect(TokenKind.Bracket, "}");
        _tokens.Expect(TokenKind.Operator, "else");
        if (_tokens.Current.Is(TokenKind.Operator, "if"))
        {
            return new ConditionalNode(condition, then, Expression(), position);
        }

        _tokens.Expect(TokenKind.Bracket, "{");
        var otherwise = Sequence();
        _tokens.Expect(TokenKind.Bracket, "}");
        return new ConditionalNode(condition, then, otherwise, position);
    }
}
